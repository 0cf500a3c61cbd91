"""The closed lists of masking: what says that something is personal, and what is no name.

All folded: lower case, no accents, œ as o. One a place, so that a word that is missing is added
in one line and the timed tests meet it (``CUES``).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def listed(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    """Phrases, one a line or parted by a bar."""
    return tuple(p.strip() for p in text.replace("\n", "|").split("|") if p.strip())


# ---- what a number is

NUMBER_CUES: dict[str, tuple[str, ...]] = {
    "sin": _phrases(
        """
        sin | s i n | nas | n a s | social insurance | social insurance number | social security
        assurance sociale | numero d assurance sociale | social ins | soc ins
        """
    ),
    "health_card": _phrases(
        """
        health card | health number | health care number | healthcare number | health insurance
        health care card | healthcare card | health plan | personal health number | medical card
        medicare | medicare number | medicare card | ohip | ramq | phin | phn | mcp | msi | ahcip
        nam | care card | carecard | services card | mhsc | manitoba health | alberta health
        hospital card | hospital number | medical number | health id | medical record |
        mrn | ahc | hcn | ab health | health no | health card no | hin
        health coverage | ohip card | health services | msp | uli | hsn | nip sante | carte services
        health registration | saskatchewan health | numero d assure | carte medicale
        carte sante | carte soleil | carte d assurance maladie | assurance maladie | carte maladie
        numero de sante | numero sante | numero d assurance maladie | carte d hopital
        carte d assurance sante | assurance sante | numero de carte sante | dossier medical
        """
    ),
    "passport": _phrases("""
        passport | passeport | passports | passeports | passport number
        """),
    "driver_licence": _phrases(
        """
        driver s licence | driver s license | drivers licence | drivers license | driver licence
        driver license | driving licence | driving license | permis de conduire | permis no
        permis numero | licence number | license number | licence no | license no | dl
        driver s lic | drivers lic | driver s permit | numero de permis | master number
        """
    ),
    "licence_plate": _phrases(
        """
        licence plate | license plate | plate number | plate no | plate | plates | number plate
        licence plates | license plates | plaque | plaques | immatriculation | immatricule
        immatriculee | plaque d immatriculation | numero de plaque | license tag | car tag
        registration number | matricule de voiture
        """
    ),
    "card": _phrases(
        """
        credit card | debit card | visa | mastercard | master card | amex | american express
        carte de credit | carte de debit | carte bancaire | card number | numero de carte
        interac | carte visa
        """
    ),
    "bank_account": _phrases(
        """
        bank account | account number | account no | account | acct | acct no | chequing account
        savings account | transit | transit number | routing number | institution number
        direct deposit | iban | compte bancaire | compte | numero de compte | compte de banque
        folio | compte no | compte cheque | compte epargne | depot direct
        """
    ),
    "file_number": _phrases(
        """
        file | file number | case | case number | numero de cas | cas | demande d ae
        demande d assurance emploi | demande de pension | demande de citoyennete | demande de visa
        demande d asile | dossier d immigration
        dossier d impot
        dossier fiscal | immigration number | dossier de plainte | numero du dossier |
        client | client id | cliente | application
        claim | uci | iuc | dossier | demande | pri | cidp | permit | reference | reference number
        ref | ticket | confirmation | confirmation number | tracking number | gckey | member id
        member number | membership number | student number | student id | employee number
        employee id | matricule | numero d etudiant | numero d employe | code permanent
        numero de reference | numero de dossier | numero de client | numero de demande | policy
        policy number | police d assurance | numero de police | reclamation | receipt number
        status number | status card | treaty number | band number | registry number | pr card
        permanent resident card | carte de resident permanent | carte rp | certificate number
        numero de certificat | invoice number | numero de facture | numero d inscription
        user id | badge number | numero de membre | work permit | study permit | permis de travail
        permis d etudes | visa application | immigration file | certificat de statut | tax file
        patient id | patient number | numero de patient | numero de confirmation | no de dossier
        inmate number | service number | veteran number | vac file | k number | cpp number | gst
        """
    ),
    "phone": _phrases(
        """
        phone | phone number | telephone | tel | cell | cell number | cellphone | mobile | fax
        call | call me at | call me | ring | sms | reach me at | reach me | text me | text me at
        ring me
        numero de telephone | cellulaire | appelez | appelez moi | rappelez | rappelez moi
        rejoindre | joindre | joignable | rejoignez | rejoignez moi | joignez | joignez moi
        | me joint
        contactez moi | texte moi | rappeler | appeler | fixe | standard | composez |
        telecopieur | telephonez | texto | whatsapp
        call us at | call back | callback | reached at | reachable at | reach us | reach her at
        reach him at | my number | mon numero | call her | call him | number to call | home phone
        work phone | voicemail | cel | portable | landline | pager | dial | texter | textez
        """
    ),
    "birth_date": _phrases(
        """
        born | born on | date of birth | birth date | birthdate | dob | d o b | birthday | bday
        ne le | nee le | ne e le | nes le | date de naissance | nee | suis ne | est ne | ddn
        d d n | naissance
        anniversaire | fete est | ma fete | fete le | nee un | ne un | birth | ne en | nee en
        ne a | nee a
        naiss
        date de naiss
        """
    ),
}

# Between a cue and its number.
FILLERS = listed(
    """
    number numbers no nos num nbr nr id is was are be it its s the my our your his her their mon ma
    mes notre votre son sa leur numero numeros n nr est etait sont le la les l card carte code which
    and et on at a au of du de d called sous under as for c being this ce que qui me us by with me
    moi nous please svp here has ending ref reads says dit porte suivant following appears currently
    now always right here jour day ends up ending in being carried newfoundland labrador nova scotia
    new brunswick nouveau nouvelle ecosse prince edward island quebec ontario manitoba saskatchewan
    alberta british columbia colombie britannique yukon nunavut nwt bc b c pei canadian canadien
    provincial provinciale porte bears portant nb ns qc ab sk mb pe nl yt nt nu francais french
    american britannique british indian
    """
)
# For words that mean much else ("client in 2023", "demande du 2024-12-31") only what names a
# number may stand between.
NUMBER_WORDS = listed(
    "number numbers no nos num nbr nr id numero numeros n is was est etait ref s porte "
    "bears portant le la reads file dossier client the it being l"
)

# ---- who a person is

# After these a name stands, also in small letters.
NAME_CUES = _phrases(
    """
    my name is | my name s | name is | my full name is | my legal name is | my first name is
    my last name is | my maiden name is | my husband s name is | my wife s name is | name
    full name | first name | last name | maiden name | surname | signed | signed by | named
    his name is | her name is | their name is | whose name is | his name was | her name was
    they call me | people call me | friends call me | calls me | just call me | can call me
    goes by | go by | i go by | known as
    s name is | s name was | name was
    je m appelle | je mappelle | j m appelle | jmappelle | je me nomme | je me prenomme
    mon nom est | mon nom c est | moi c est
    mon nom | nom | prenom | mon prenom est | mon nom de famille est | nom de famille
    nom complet | signe | signee | signe par | nomme | nommee | prenomme | prenommee | denomme
    denommee | il s appelle | elle s appelle | s appelle | s appelait | se nomme | se prenomme
    son nom est | on m appelle | son prenom est | nom est | mon nom a moi c est | m appelle
    mon nom de fille est | mon nom complet est | se nommait | soussigne | soussignee | un certain
    une certaine | je me presente | un denomme | du nom de
    by the name of | au nom de | il se nomme | elle se nomme | surnomme | surnommee
    helped me was | who helped was | served me was | answered me was | m a aide c est
    m a aidee c est | m a servi c est | m a servie c est | m a repondu c est | m a aide est
    client | cliente | applicant | author | auteur | auteure | autrice | patient | patiente
    demandeur | demandeuse | demanderesse | plaignant | plaignante | complainant | claimant
    prepared by | prepare par | redige par | requerant | requerante
    i m called | am called | i the undersigned | undersigned | nee
    """
)
# "I'm …" more often says what one is than who.
SELF_CUES = _phrases(
    "i m | i am | im | je suis | this is | ici | c est | it s | its | moi | chui | chuis | jsuis"
    " | here is"
)
SIGN_OFFS = _phrases(
    """
    regards | kind regards | best regards | warm regards | warmest regards | kindest regards
    with regards | yours truly | yours sincerely | yours faithfully | sincerely | sincerely yours
    yours | best | all the best | best wishes | cheers | thanks | thank you | many thanks | thx
    thanks again | thank you again | thanks so much | thank you so much | thank you very much
    thanks in advance | respectfully | respectfully submitted | cordially | take care | love
    respectfully yours | faithfully | with thanks | gratefully | warmly | sent by | from
    written by | submitted by | with respect | in solidarity | with gratitude | warm wishes | peace
    cordialement | bien cordialement | cordialement votre | bien a vous | sincerement | salutations
    meilleures salutations | salutations distinguees | sentiments distingues | sinceres salutations
    mes salutations | mes salutations distinguees | respectueusement | merci | merci beaucoup
    merci d avance | merci a l avance | grand merci | mille mercis | amicalement | bien amicalement
    votre devoue | votre devouee | au plaisir | bonne journee | a bientot | en toute amitie
    avec gratitude | avec respect | bien respectueusement | solidairement | chaleureusement
    de la part de | ecrit par | soumis par | envoye par | signe | courtoisement | bien sincerement
    with appreciation | warmest | with love | with hope | in hope | your friend | your neighbour
    avec reconnaissance | avec espoir | votre ami | votre amie | recevez mes salutations
    merci de m avoir lu | merci de m avoir lue | merci de votre attention | thanks for reading
    thank you for reading | thanks for listening | thank you for your time
    thanks for your time | thank you for your attention | merci de votre temps
    sentiments les meilleurs | sentiments les plus distingues | salutations cordiales | poliment
    salutations respectueuses | amities | bonne soiree | bonne fin de journee | citoyennement
    """
)
# A title needs a capital after it; the short ones take small letters too.
TITLES = listed(
    """
    mr mrs ms miss mx dr dre drs mme mmes mlle mlles mgr madame monsieur mademoiselle me m mm
    messieurs mesdames docteur docteure doctor professor prof professeur professeure maitre judge
    justice juge constable cst sgt sergeant sergent officer rev reverend pastor pasteur father
    sister brother pere soeur sour frere abbe imam rabbi rabbin elder aine ainee coach aunt auntie
    uncle tante oncle matante mononcle nurse agent agente inspecteur inspectrice inspector detective
    capitaine captain corporal caporal lieutenant paramedic sergent sergente caporale gendarme
    policier policiere lieutenante cpl const insp supt lt capt enqueteur enqueteuse investigator
    adjudant adjudante major colonel
    notaire ambulancier
    ambulanciere infirmier infirmiere medecin huissier huissiere sir madam mister missus grandma
    grandpa
    nana kokum mushum caseworker principal superintendent warden commis dame lady famille
    """
)
# Ranks and professions: also in small letters an unknown name with a capital follows.
RANKS = listed(
    """
    sgt cst cpl const insp supt lt capt enqueteur enqueteuse investigator juge judge sergent
    sergente sergeant constable caporal
    caporale corporal gendarme capitaine
    captain lieutenant lieutenante inspecteur inspectrice inspector detective adjudant adjudante
    docteur docteure doctor professeur professeure professor infirmier infirmiere nurse paramedic
    ambulancier ambulanciere huissier huissiere maitre officer pastor pasteur
    """
)
# After "MS" and "ms" a program, not a woman.
PROGRAMS = listed(
    """
    access ajax azure copilot dos dynamics edge excel exchange forms office onedrive onenote
    outlook paint planner powerpoint project publisher sharepoint sql teams visio windows word
    """
)
# After a title nobody in particular: "Mr Right", "Monsieur Tout-le-Monde".
ANYBODY = listed("tout right fix perfect wonderful big clean know nobody everyone average")
# Words with which a given name is a thing: "pierre angulaire", "jean shorts".
COMPOUNDS = {
    "pierre": listed(
        "angulaire angulaires tombale tombales precieuse precieuses ponce concassee naturelle"
        " taillee calcaire philosophale"
    ),
    "olive": listed("oil oils tree trees"),
    "jean": listed("short shorts jacket jackets pants skirt skirts bleu noir troue skinny"),
}
SHORT_TITLES = listed("mr mrs ms miss mx dr dre mme mlle mgr madame monsieur mademoiselle mister")
# What people are to the writer. After "my", "mon"… a name follows.
RELATIONS = listed(
    """
    son daughter child kid boy girl baby husband wife spouse partner mother mom mum dad father
    sister brother grandmother grandfather grandma grandpa granddaughter grandson aunt uncle cousin
    niece nephew friend neighbour neighbor boss manager supervisor coworker colleague roommate
    landlord landlady tenant boyfriend girlfriend fiance fiancee ex doctor nurse teacher lawyer
    client caseworker worker stepson stepdaughter stepmother stepfather twin toddler teenager
    caregiver guardian tuteur tutrice nana gramma granny grampa gramps nan stepdad stepmom auntie
    kokum mushum hubby godmother
    landlady godfather goddaughter godson mamie papi matante mononcle marraine parrain filleul
    filleule babysitter accountant physiotherapist psychologist therapist dentist pharmacist
    fils fille enfant garcon bebe mari femme epoux epouse conjoint conjointe mere maman pere papa
    soeur sour frere grand-mere grand-pere petit-fils petite-fille tante oncle cousine neveu
    ami amie voisin voisine patron patronne gestionnaire superviseur superviseure collegue
    colocataire proprietaire locataire chum blonde copain copine medecin infirmiere infirmier
    enseignant enseignante professeur professeure avocat avocate notaire jumeau jumelle belle-mere
    beau-pere belle-soeur beau-frere gendre bru ado cadet cadette aine ainee intervenante
    intervenant travailleuse travailleur physio psychologue dentiste comptable gardienne
    """
)
OWNERS = listed("my our mon ma mes notre nos his her their son sa leur ton ta your votre")
# Someone who is named by what he does: "the clerk, X", "votre agente X".
ROLES = listed(
    """
    clerk agent agente officer employee employe employee employees employes worker caseworker
    receptionist receptionniste representative representant representante rep advisor adviser
    conseiller conseillere manager supervisor superviseur superviseure nurse infirmiere infirmier
    teacher enseignante enseignant counsellor counselor technician technicien technicienne driver
    chauffeur guard gardien gardienne secretary secretaire adjointe adjoint commis prepose preposee
    fonctionnaire intervenant intervenante gestionnaire coordonnatrice coordonnateur coordinator
    lady woman man gentleman guy girl dame monsieur homme femme fille gars operator operatrice
    operateur assistant assistante analyst analyste dispatcher teller caissiere caissier cashier
    volunteer benevole neighbour neighbor voisin voisine landlord resident residente patient
    patiente doctor docteur lawyer avocat avocate student etudiante etudiant someone quelqu
    pharmacist pharmacien pharmacienne coach principal directrice directeur tenant
    """
)
# Before someone who is spoken to or of. Weaker: the name is looked for in the lists.
TOWARDS = _phrases(
    """
    spoke to | spoke with | speak to | speak with | spoken to | spoken with | talked to
    talked with | talk to | talk with | met with | asked for | ask for | thanks to | kudos to
    shout out to | shoutout to | dealt with | served by | helped by
    assisted by | contact | attention | attn | c o | care of | dear | hello | hi | hey
    parle a | parle avec | parler a | parler avec | ai rencontre | demandez | demander
    merci a | remercier | remercie | servi par | servie par | aide par | aidee par | contactez
    a l attention de | a s | aux soins de | cher | chere | bonjour | bonsoir | allo | salut
    remerciements a | felicitations a | bravo a
    according to | written to | wrote to | ecrit a | reponse de | appel de | message de
    """
)
# After someone: what persons do.
DOES = listed(
    """
    said told says asked gave took helped refused answered explained was is has had never always
    works worked lives lived who never did does should can could will would called phoned wrote
    came left lost found put kept forgot retired spoke showed handed helps hung came made sent
    served knows knew died passed moved needs wants waited got treated hung
    yelled ignored promised confirmed deserves resigned and or qui a m nous est etait avait
    travaille
    travaillait demeure habite dit disait pense veut voulait doit devrait peut ne n s se lui et ou
    """
)

# ---- where a person is not meant

# An office, not a person; the person who holds one speaks for it in public. "Premier Ford" stays.
OFFICES = listed(
    """
    minister ministers ministre ministres premier premiere premiers speaker president presidente
    chair chairman chairwoman chairperson mayor maire mairesse deputy depute deputee deputes mp mps
    mpp mna mha mla senator senateur senatrice councillor councilor conseiller conseillere
    director directrice directeur prime secretary governor gouverneur gouverneure
    lieutenant-governor
    ambassador ambassadeur king queen prince princess roi reine pope pape commissioner commissaire
    chief chef cheffe vice chancellor chancelier auditor ombudsman ombudsperson general sheriff
    reeve
    prefet grand registrar registraire
    """
)
# Things that are called after people and places.
THINGS = listed(
    """
    street st avenue ave road rd boulevard blvd drive dr crescent court lane way terrace place plaza
    highway hwy parkway circle square trail line bridge tunnel park parc parks airport aeroport
    station gare school ecole schools college cegep university universite hospital hopital clinic
    clinique centre center center library bibliotheque arena arena stadium stade building edifice
    tower tour house maison hall manor residence church eglise cathedral basilica temple mosque
    mosquee synagogue foundation fondation institute institut museum musee gallery galerie theatre
    theater market marche mall store stores magasin shop company compagnie inc ltd ltee corp
    corporation co cie group groupe bank banque credit caisse insurance assurance assurances
    association society societe club union federation council conseil commission committee comite
    board bureau agency agence authority department ministere ministry office service services
    branch division program programme project projet plan strategy strategie policy politique fund
    fonds grant subvention benefit benefits prestation prestations allocation act loi bill law code
    charter charte treaty traite agreement accord regulation reglement principle principe directive
    river riviere lake lac mount mont mountain montagne island ile islands iles bay baie cove
    harbour harbor port fort falls chute chutes valley vallee hill hills heights beach plage coast
    cote point pointe creek ruisseau sea ocean gulf strait county comte township canton city ville
    town village region district province territory territoire nation nations reserve band republic
    republique state states north south east west nord sud est ouest upper lower haute haut basse
    bas new nouveau nouvelle old vieux vieille saint sainte st ste san santa los las grand grande
    prize prix award medal medaille cup coupe day jour week semaine month mois year annee christmas
    noel easter paques canada canadian canadien canadienne quebec ontario alberta manitoba
    saskatchewan yukon nunavut columbia brunswick scotia labrador newfoundland terre neuve edward
    federal federale provincial provinciale municipal municipale royal royale national nationale
    public publique first second third premiere north service health sante revenue revenu employment
    emploi insurance pension security securite border immigration citizenship citoyennete parks
    transport transports transit metro bus train rail via air web site form formulaire line online
    internet phone app wifi covid monday tuesday wednesday thursday friday saturday sunday lundi
    mardi mercredi jeudi vendredi samedi dimanche january february march april may june july august
    september october november december janvier fevrier mars avril mai juin juillet aout septembre
    octobre novembre decembre summer winter spring fall autumn ete hiver printemps automne
    english french anglais francais anglaise francaise god dieu jesus allah bible hortons tim
    walmart costco loblaws sobers sobeys metro iga maxi desjardins shoppers loblaw microsoft google
    facebook apple amazon twitter instagram youtube netflix zoom teams telus rogers bell videotron
    hydro gazebo bixi awards pharmacy garage restaurant hotel motel farm farms brewery bakery rink
    pavilion memorial trust presto opus via greyhound westjet porter team staff everyone everybody
    anybody anyone somebody someone nobody sir madam all folks friends colleagues customer
    personne tous toutes equipe gens chers cheres collegues amis hurricane ouragan storm tempete
    corner brook prince red deer moose jaw medicine hat coutu rona ikea lowes winners tire
    rogers mcgill banff
    tribunal cour court inquiry enquete report rapport review survey sondage consultation question
    section article annex annexe chapter chapitre schedule part partie page volume version
    middle class general delivery main king queen elm maple oak pine cedar birch spruce
    run walk ride marathon marche course walk-a-thon dynasty dynastie airport airlines
    war guerre world monde parliament parlement senate senat house commons chambre communes
    opposition liberal liberale conservative conservateur ndp npd bloc green vert verts party parti
    """
)
# Last words of places; of the second list there are families too.
PLACE_ENDS = listed(
    """
    junction narrows crossing corners landing springs rapids falls harbour harbor heights creek
    beach siding forks portage
    """
)
PLACE_ENDS_TOO = listed("mills hill hills ridge grove glen lake bay")
BEFORE_PLACE = listed("in at near from the downtown a au")
# Towns that are no names of people, or seldom.
PLACES = listed(
    """
    ottawa gatineau toronto montreal vancouver calgary edmonton winnipeg halifax regina saskatoon
    victoria whitehorse yellowknife iqaluit charlottetown fredericton moncton hamilton london
    kitchener waterloo windsor kingston sudbury barrie guelph oshawa brampton mississauga markham
    vaughan burlington oakville kelowna kamloops nanaimo surrey burnaby richmond abbotsford
    lethbridge brandon laval longueuil sherbrooke saguenay levis trois-rivieres terrebonne gaspe
    rimouski rouyn noranda drummondville granby chicoutimi sept-iles alma matane caraquet bathurst
    miramichi dieppe truro dartmouth sydney timmins kenora sarnia brantford belleville cornwall
    paris france chine china israel jordan inde india haiti maroc algerie liban lebanon
    hong kong africa afrique europe asia asie wellington hull aylmer kanata orleans scarborough
    etobicoke york verdun lachine outremont
    """
)
# Things by themselves, family names after a given name.
SURNAMES_TOO = listed(
    "cote king bell rice west young green day lane ward banks rivers french english page "
    "price bishop desjardins noel winter"
    " law march may prince royal saint grand york hull vert cross north rogers hamilton windsor"
    " kingston london brandon duncan alma barrie vaughan jasper bloc"
)
# Written together, since their second half is a common word.
ELIDED_NAMES = listed("lheureux damours lecuyer lesperance lanctot dargent lhumain lallier doyon")
# Labels of a form: a name follows after a colon.
LABELS = listed(
    """
    name nom prenom surname client cliente applicant author auteur auteure autrice patient patiente
    demandeur demandeuse demanderesse plaignant plaignante complainant claimant requerant requerante
    """
)
# Given names that are words too, which no list of words has: in small letters they are words.
WORDS_TOO = listed(
    """
    aimable ange anges blessing blossom burns claire clemence constance flore france fleur garner
    heather jean marie marin parfait pierre poppy precious prosper prudence pure purity rose romain
    rusty sage savanna serene sincere sunny unique windy
    """
)
# Given names that are English nouns first, in small letters at least.
NOUNS_TOO = listed(
    """
    autumn aspen basil brandy buck bunny cadence cliff coral daisy dale earl easter eden fern garnet
    genesis ginger glen harmony hazel heath holly honey iris ivy jade jasmine kitty laurel lily
    maple marina mason maverick melody merry olive opal orion penny pepper raven rosemary sandy
    sherry tanner teddy trinity velvet viola violet willow
    """
)
# What somebody does to the writer, or the writer to somebody.
SAYS = listed(
    """
    told said asked took gave refused answered explained called phoned promised lost hung yelled
    helped laughed lied ignored apologized dit raccroche refuse perdu repondu crie
    """
)
BEFORE_PERSON = listed(
    """
    with by asked told saw met called phoned emailed thank thanks tell ask
    avec par chez rappele vu rencontre merci remercie demande parle
    """
)
# Voices of machines that bear given names.
VOICES = listed("siri alexa cortana")
GREETINGS = listed("hello hi hey dear bonjour bonsoir allo salut cher chere")
# After these a capital is a place, a firm or a thing rather than a person.
BEFORE_THINGS = listed(
    """
    in at to of the a an near from on into via through by for with and or under a au aux de du des
    la le les l d en chez vers sur par pour dans et ou un une ce cette this that these those our
    your my their notre votre leur use using called city town village app
    """
)
DESKS = listed(
    "desk counter reception wicket window till guichet comptoir accueil kiosk front bureau caisse"
)
TO_DESKS = listed("at the a la au l from de du front main info information d in on le")
# Before a place or thing called after somebody.
PLACE_BEFORE = listed(
    """
    rue avenue av boulevard boul bd chemin ch route rang place allee impasse montee cote promenade
    terrasse autoroute pont tunnel aeroport ecole parc hopital lac riviere mont fort port centre
    gare station metro bibliotheque college cegep universite comte ville village prix loi fondation
    institut musee edifice tour maison residence pavillon stade arena marche stationnement quartier
    arrondissement secteur canton ile baie pointe saint sainte st ste mount lake cape port fort
    university hospital hms hmcs ccgs camp clsc chsld chu chum chus cisss ciusss polyvalente
    secondaire primaire manoir pharmacie garage restaurant resto brasserie boulangerie depanneur
    fromagerie sirop ferme marina hotel motel auberge theatre salle auditorium bourse programme
    syndrome maladie disease
    hurricane ouragan tempete operation rapport commission affaire arret san santa los las buenos
    cyclone typhoon storm film series course defi relais tournoi coupe classique gala regime fonds
    """
)
PARTICLES = listed(
    "de du des la le van von der den di da dos das del della el al bin ben ibn abu bint "
    "st saint mac"
)
# One letter before an apostrophe within a name: O'Brien, D'Amours, L'Heureux, N'Diaye, M'Bala.
_ELIDERS = listed("o d l n m t")

MONTHS = listed(
    """
    january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec janvier fevrier mars avril mai juin juillet aout
    septembre octobre novembre decembre janv fevr fev avr juil
    """
)
NUMBER_NAMES = listed(
    """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth one two
    three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    thousand oh
    premier deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt
    trente quarante cinquante soixante cent mil mille un et cents vingts
    """
)
DIGIT_NAMES = listed(
    """
    zero oh one two three four five six seven eight nine double triple
    un deux trois quatre cinq six sept huit neuf
    """
)


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Little words of both languages, which no name holds."""
    return listed(
        """
        the a an and or but if then so because as of to in on at by for from with without about
        into over under after before between during until since while not no yes i you he she it we
        they me him us them my your his her its our their this that these those there here who whom
        whose which what when where why how is am are was were be been being have has had do does
        did done can could will would shall should may might must let get got too very just only
        also again still even ever never always please thank thanks sorry dear hello hi hey okay ok
        all any some each every both few more most other such own same than up down out off now
        today yesterday tomorrow tonight once one two three four five six seven eight nine ten
        le la les l un une des du de d et ou mais si alors donc car que qui quoi dont ou quand
        comment pourquoi comme au aux en dans par pour sur sous avec sans chez vers entre avant
        apres depuis pendant ne pas plus moins rien jamais toujours encore tres trop bien mal je j
        tu il elle on nous vous ils elles me m te t se s lui leur y mon ma mes ton ta
        tes son sa ses
        notre nos votre vos leurs ce c cet cette ces ca cela ceci est suis sommes etes sont etait
        etaient ete etre ai as a avons avez ont avait avoir fait faire faut peut doit va vont aller
        oui non merci bonjour salut allo svp aussi tout tous toute toutes meme autre autres quel
        quelle quels quelles hier demain maintenant ici la-bas voici voila qu n aucun aucune chaque
        quelqu aujourd jusqu lorsqu puisqu quoiqu presqu doesn didn isn wasn aren won wouldn
        shouldn couldn haven hasn hadn weren ain mustn lois chere cher chers cheres re
        cc attn fyi ps nb im dont ive id youre shes hes theyre thats its
        """
    )


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words that are in the dictionary: no names, unless beside one."""
    return _file("words.txt")[""]


@lru_cache(maxsize=1)
def _names() -> dict[str, frozenset[str]]:
    return _file("names.txt")


def given_names() -> frozenset[str]:
    """Given names that are nothing else."""
    return _names()["given"]


def given_names_or_words() -> frozenset[str]:
    """Given names that are common words or places too (Grace, May, Victoria)."""
    return _names()["given, also a word or a place"]


def family_names() -> frozenset[str]:
    """Family names that are nothing else."""
    return _names()["family"]


def family_names_or_words() -> frozenset[str]:
    """Family names that are common words or places too (Young, Rice)."""
    return _names()["family, also a word or a place"]


def _file(name: str) -> dict[str, frozenset[str]]:
    parts: dict[str, set[str]] = {}
    part: set[str] = parts.setdefault("", set())
    for line in (_HERE / name).read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("["):
            part = parts.setdefault(line[1:-1], set())
        else:
            part.update(line.split())
    return {name: frozenset(words) for name, words in parts.items()}
