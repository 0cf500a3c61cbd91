"""Personal information is hidden; money, counts and the names of offices are not."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.pipeline import Language
from analysis.pipeline.reading import privacy
from tests.analysis.pipeline.personal import (
    Half,
    Sentence,
    apart_sentences,
    hard_sentences,
    outcome,
    sentences,
)


def kinds(text: str) -> list[str]:
    return [item.kind for item in privacy.find(text)]


@pytest.mark.parametrize(
    ("text", "hidden", "kind"),
    [
        ("Write to jean.tremblay@example.ca please", "jean.tremblay@example.ca", "email"),
        ("mon courriel : marie@exemple . ca", "marie@exemple . ca", "email"),
        ("jo (at) example (dot) org", "jo (at) example (dot) org", "email"),
        ("Call me at 613-555-0199 tonight", "613-555-0199", "phone"),
        ("Téléphonez au (819) 953-1234 svp", "(819) 953-1234", "phone"),
        ("My SIN is 046 454 286.", "046 454 286", "sin"),
        ("Mon NAS est le 130692544, merci", "130692544", "sin"),
        ("130-692-544 was refused", "130-692-544", "sin"),
        ("carte 4111 1111 1111 1111 refusée", "4111 1111 1111 1111", "card"),
        ("I paid with 5500005555555559", "5500005555555559", "card"),
        ("Ma carte TREM 7856 1204 est expirée", "TREM 7856 1204", "health_card"),
        ("OHIP 1234-567-890-AB", "1234-567-890-AB", "health_card"),
        ("I live at K1A 0B1 now", "K1A 0B1", "postal_code"),
        ("Mon code est h2x1y4.", "h2x1y4", "postal_code"),
        ("Passport AB123456 was lost", "AB123456", "passport"),
        ("mon passeport A123456BC", "A123456BC", "passport"),
        ("I live at 123 Main Street, Ottawa", "123 Main Street", "address"),
        ("J'habite au 123, rue Principale", "123, rue Principale", "address"),
        (
            "le 4-120, boul. René-Lévesque Est, app. 4",
            "4-120, boul. René-Lévesque Est, app. 4",
            "address",
        ),
        ("I was born on March 3, 1961 in Sudbury", "March 3, 1961", "birth_date"),
        ("née le 14 juillet 1952", "14 juillet 1952", "birth_date"),
        ("My name is Anne-Marie Leblanc and I waited", "Anne-Marie Leblanc", "name"),
        ("Je m'appelle Luc Gagnon, j'ai attendu", "Luc Gagnon", "name"),
        ("Mme Gagnon m'a aidé", "Gagnon", "name"),
        ("My file number is 12345678", "12345678", "file_number"),
        ("from 192.168.14.22 at noon", "192.168.14.22", "ip_address"),
    ],
)
def test_personal_information_is_found_where_it_is(text: str, hidden: str, kind: str) -> None:
    found = [item for item in privacy.find(text) if item.kind == kind]
    assert [text[item.start : item.end] for item in found] == [hidden]
    assert hidden not in privacy.mask(text, Language.EN).text


@pytest.mark.parametrize(
    "text",
    [
        "Le budget est de 120 000 000 $",
        "1 234 567 890 $",
        "20 000 000 de personnes",
        "Le 205 services, 130 M$, 135 M$ et 280 M$",
        "The budget of $046,454,286 is too much",
        "130 692 544 dollars",
        "Open 9 to 5, 24 hours, 365 days since 2019-2020",
        "Section 1.2.3.4 of the Act",
        "I came on 2026-11-02 at 14:30",
        "Il y a 500 employés et 12 bureaux à 16 h 30",
        "Call the 1-800-622-6232 line and nobody answers",
        "12 First Nations and 45 people on the road",
        "Mr. Speaker, Madame la ministre",
        "100 % of the time",
        "Form T1 General and schedule B2B",
    ],
)
def test_numbers_that_count_things_are_left_alone(text: str) -> None:
    assert kinds(text) == []
    assert privacy.mask(text, Language.FR).text == text


@pytest.mark.parametrize(
    "text",
    [
        "L'AAH doit rester individuelle, l'ARC aussi.",
        "L’UNAF est favorable à une prise en compte d'IRCC.",
        "I sent it in MS Excel, MS Teams and ms sharepoint.",
        "Pros and cons of MS Ajax",
        "Avant un certain âge, une certaine autonomie manque.",
        "300 rue commerciales ont été rénovées",
        "Pierre angulaire du projet, la ligne 3 est en retard.",
        "The wait at the Bellerive counter is twice as long.",
        "the soup was basil pepper, in a velvet kettle",
        "From Maple Junction there is no bus at all.",
        "They put a second clerk on last month in Ferris Mills.",
        "Jean shorts are not allowed.",
        "Fares went up again while the service got worse.",
        "The Jane and Finch area needs a library.",
        "Dear Secretary Cardona, I write to oppose this.",
    ],
)
def test_acronyms_programs_things_and_offices_are_no_names(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Mr van der Berg hung up on me.", "van der Berg"),
        ("Monsieur de la Durantaye m'a raccroché au nez.", "de la Durantaye"),
        ("Mrs. Whitehorse-Bear waited.", "Whitehorse-Bear"),
        ("MS NGUYEN was helpful.", "NGUYEN"),
        ("J'ai parlé à Marie-Ève Desjardins hier.", "Marie-Ève Desjardins"),
        ("Le sergent Papadakis est venu.", "Papadakis"),
        ("dossier no C-998877", "C-998877"),
        ("My S.I.N. is 046_454_286", "046_454_286"),
        ("my sin is046454286", "046454286"),
        ("né à Montréal le 5/1/1949", "5/1/1949"),
        ("my land is NW-12-34-5-W4", "NW-12-34-5-W4"),
        ("Fixez la rampe.\nbashir et halima", "bashir et halima"),
        ("SARAH TOLD ME TO GO HOME AND WAIT", "SARAH"),
    ],
)
def test_the_whole_of_a_name_or_number_is_hidden(text: str, hidden: str) -> None:
    assert [text[item.start : item.end] for item in privacy.find(text)] == [hidden]


def test_the_placeholder_is_in_the_language_of_the_text() -> None:
    text = "a@example.ca"
    assert privacy.mask(text, Language.FR).text == "[courriel retiré]"
    assert privacy.mask(text, Language.EN).text == "[email removed]"


def test_one_digit_wrong_is_still_somebodys_number_after_the_word() -> None:
    assert "sin" in kinds("My SIN is 046 454 287")
    assert "sin" not in kinds("It cost 046 454 287 in all")


@pytest.mark.parametrize("blank", "\u00a0\u2007\u2009\u202f\u2012\u2013\u2011\u2212")
def test_a_number_is_found_whatever_its_blanks_and_dashes(blank: str) -> None:
    text = blank.join(("Mon NAS : 046", "454", "286 svp"))
    [found] = privacy.find(text)
    assert text[found.start : found.end] == blank.join(("046", "454", "286"))


def test_offsets_hold_where_accents_are_characters_of_their_own() -> None:
    text = unicodedata.normalize("NFD", "Élève de 8 ans. Je m'appelle Réjean Côté et j'attends.")
    [found] = privacy.find(text)
    assert text[found.start : found.end] == unicodedata.normalize("NFD", "Réjean Côté")


@pytest.mark.parametrize("half", Half)
def test_masking_reaches_its_targets_on_the_seeded_corpus(half: Half) -> None:
    cued, alone, finds, n = [], [], [], 0
    for sentence in sentences(half):
        done = outcome(sentence)
        n += 1
        for mark, hidden in zip(sentence.marks, done.hidden, strict=True):
            (cued if mark.cued else alone).append(hidden)
        finds += [right for _, right in done.finds]
    assert n >= 500
    assert sum(cued) >= 0.97 * len(cued)
    assert sum(alone) >= 0.85 * len(alone)
    assert sum(finds) >= 0.95 * len(finds)


@pytest.mark.parametrize("written", [hard_sentences, apart_sentences])
def test_sentences_written_by_hand_reach_them_too(
    written: Callable[[], Iterator[Sentence]],
) -> None:
    done = [outcome(sentence) for sentence in written()]
    hidden = [each for one in done for each in one.hidden]
    finds = [right for one in done for _, right in one.finds]
    assert len(done) >= 500
    assert sum(hidden) >= 0.97 * len(hidden)
    assert sum(finds) >= 0.95 * len(finds)


def test_a_find_cut_by_the_edge_of_a_passage_is_hidden_whole() -> None:
    text = "Call 613-555-0199 now"
    found = privacy.find(text)
    assert "613" not in privacy.apply(text, found, Language.EN, 0, 9)
    assert "0199" not in privacy.apply(text, found, Language.EN, 12, len(text))


@given(st.text(max_size=300))
def test_spans_are_in_order_within_the_text_and_never_overlap(text: str) -> None:
    at = 0
    for item in privacy.find(text):
        assert at <= item.start < item.end <= len(text)
        at = item.end


@given(
    before=st.sampled_from(["", "Bonjour, ", "Please note: ", "écrit à "]),
    name=st.from_regex(r"[a-z]{3,10}\.[a-z]{3,10}", fullmatch=True),
    after=st.sampled_from(["", ".", ", thanks", " merci"]),
)
def test_no_address_survives_masking(before: str, name: str, after: str) -> None:
    masked = privacy.mask(f"{before}{name}@example.org{after}", Language.EN).text
    assert name not in masked
