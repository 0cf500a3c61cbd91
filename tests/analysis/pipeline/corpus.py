"""A small consultation in both languages whose themes are known, written for these tests."""

from __future__ import annotations

from analysis.pipeline import Document, Language

THEMES: dict[str, tuple[list[str], list[str]]] = {
    "waiting": (
        [
            "I waited two hours at the counter before anyone called my number.",
            "The line at the service counter was out the door all morning.",
            "Waiting times at the office are far too long.",
            "We stood in line for ninety minutes to hand in one form.",
            "Please hire more clerks so the queue moves faster.",
            "The wait at the counter took my whole lunch hour.",
            "Long queues every time I visit the service centre.",
            "Three hours of waiting in line is not acceptable.",
        ],
        [
            "J'ai attendu deux heures au comptoir avant qu'on appelle mon numéro.",
            "La file d'attente au comptoir allait jusqu'à la porte.",
            "Le temps d'attente au bureau est beaucoup trop long.",
            "Nous avons fait la file pendant une heure et demie pour un seul formulaire.",
            "Il faudrait plus de commis pour que la file avance plus vite.",
            "L'attente au comptoir m'a pris toute ma pause de midi.",
            "Il y a toujours de longues files d'attente au centre de services.",
            "Trois heures d'attente en file, c'est inacceptable.",
        ],
    ),
    "french": (
        [
            "I asked to be served in French and nobody at the desk spoke it.",
            "There should be a bilingual employee in every office.",
            "French-speaking clients are told to come back another day.",
            "Service in both official languages exists on paper only.",
            "The agent could not answer me in my official language.",
            "Signs are bilingual but the staff speak only English.",
            "Offer active service in French, not only when people insist.",
            "My mother speaks French only and was not served in her language.",
        ],
        [
            "J'ai demandé à être servi en français et personne ne parlait la langue.",
            "Il devrait y avoir un employé bilingue dans chaque bureau.",
            "On dit aux francophones de revenir un autre jour.",
            "Le service dans les deux langues officielles n'existe que sur papier.",
            "L'agente n'a pas pu me répondre dans ma langue officielle.",
            "Les affiches sont bilingues, mais le personnel ne parle qu'anglais.",
            "Offrez activement le service en français, pas seulement quand on insiste.",
            "Ma mère ne parle que français et n'a pas été servie dans sa langue.",
        ],
    ),
    "parking": (
        [
            "There is nowhere to park near the building.",
            "The parking lot is always full by nine in the morning.",
            "Parking costs twelve dollars for a short visit.",
            "More parking spaces for people with disabilities, please.",
            "I drove around for half an hour looking for a parking spot.",
            "Free parking for clients would help a lot.",
            "The parking meters do not accept cards.",
            "Cars park in the reserved accessible spaces all the time.",
        ],
        [
            "Il n'y a nulle part où se stationner près de l'édifice.",
            "Le stationnement est toujours plein à neuf heures du matin.",
            "Le stationnement coûte douze dollars pour une courte visite.",
            "Plus de places de stationnement pour les personnes handicapées, s'il vous plaît.",
            "J'ai tourné une demi-heure pour trouver une place de stationnement.",
            "Un stationnement gratuit pour les clients aiderait beaucoup.",
            "Les parcomètres n'acceptent pas les cartes.",
            "Des voitures se stationnent tout le temps dans les places réservées.",
        ],
    ),
    "forms": (
        [
            "The online form lost everything I typed when the page expired.",
            "The web form is confusing and asks the same thing three times.",
            "I could not upload my documents on the website.",
            "Let us save the online application and finish it later.",
            "The website form does not work on a phone.",
            "The form times out before you can finish filling it in.",
            "An error message appeared when I submitted the online form.",
            "The application form on the site is much too long.",
        ],
        [
            "Le formulaire en ligne a tout perdu quand la page a expiré.",
            "Le formulaire Web est confus et demande trois fois la même chose.",
            "Je n'ai pas pu téléverser mes documents sur le site Web.",
            "Permettez-nous d'enregistrer la demande en ligne et de la finir plus tard.",
            "Le formulaire du site ne fonctionne pas sur un téléphone.",
            "Le formulaire expire avant qu'on ait fini de le remplir.",
            "Un message d'erreur est apparu quand j'ai envoyé le formulaire en ligne.",
            "Le formulaire de demande sur le site est beaucoup trop long.",
        ],
    ),
    "phone": (
        [
            "Nobody answers the phone at the call centre.",
            "I was on hold for fifty minutes and then the call dropped.",
            "The telephone menu never lets you speak to a person.",
            "Call back customers instead of keeping them on hold.",
            "The phone line is always busy in the afternoon.",
            "I called six times and always reached the voice mail.",
            "The automated phone system hung up on me twice.",
            "Please extend the hours of the telephone line.",
        ],
        [
            "Personne ne répond au téléphone au centre d'appels.",
            "J'ai été mis en attente cinquante minutes, puis l'appel a été coupé.",
            "Le menu téléphonique ne permet jamais de parler à une personne.",
            "Rappelez les clients au lieu de les garder en ligne.",
            "La ligne téléphonique est toujours occupée l'après-midi.",
            "J'ai appelé six fois et je suis toujours tombé sur la boîte vocale.",
            "Le système téléphonique automatisé m'a raccroché au nez deux fois.",
            "Veuillez prolonger les heures de la ligne téléphonique.",
        ],
    ),
    "courtesy": (
        [
            "The employee was very kind and patient with me.",
            "Staff were polite and helpful from start to finish.",
            "The lady who served me was friendly and professional.",
            "A rude agent made me feel stupid.",
            "Thank you to the courteous employee who helped my father.",
            "The officer was impolite and rolled his eyes at me.",
            "Employees are respectful and take time to explain.",
            "I was treated with kindness by a very helpful clerk.",
        ],
        [
            "L'employé a été très gentil et patient avec moi.",
            "Le personnel a été poli et serviable du début à la fin.",
            "La dame qui m'a servi était aimable et professionnelle.",
            "Un agent impoli m'a fait sentir stupide.",
            "Merci à l'employée courtoise qui a aidé mon père.",
            "L'agent a été impoli et a levé les yeux au ciel.",
            "Les employés sont respectueux et prennent le temps d'expliquer.",
            "J'ai été traité avec gentillesse par un commis très serviable.",
        ],
    ),
}

ENGLISH_LETTER = (
    "I am writing about the proposed closure of the Maple Street library. The library is the only "
    "place in our neighbourhood where seniors can use a computer for free. Children go there after "
    "school because their parents work. Closing the branch would save very little money and would "
    "cost the community a great deal. I ask the council to keep the library open six days a week."
)


def documents() -> list[Document]:
    """Every sentence as one document; the id begins with its theme and language."""
    made: list[Document] = []
    for theme, (english, french) in THEMES.items():
        for code, sentences in ((Language.EN, english), (Language.FR, french)):
            made += [
                Document(f"{theme}-{code.value}-{i}", text, code)
                for i, text in enumerate(sentences)
            ]
    return made


def theme_of(document_id: str) -> str:
    """The theme a document was written for."""
    return document_id.split("-")[0]
