"""Names, keywords, sentences and quotes of themes: verbatim, specific, in both languages."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.pipeline import Description, Group, GroupPassage, Language
from analysis.pipeline.naming.describe import describe_themes
from analysis.pipeline.naming.lexicon import lexicon, roots, segments, stem
from analysis.pipeline.naming.quotes import choose_quotes, is_whole
from analysis.pipeline.naming.vocabulary import Vocabulary
from analysis.pipeline.naming.voices import Corpus
from analysis.pipeline.reading.normalise import words as words_of
from analysis.pipeline.vectors.embedder import Vectors
from analysis.pipeline.vectors.use import UseEmbedder
from tests.analysis.pipeline.corpus import documents, theme_of

EN, FR = Language.EN, Language.FR


def passages(*texts: str, language: Language = FR, start: int = 0) -> tuple[GroupPassage, ...]:
    return tuple(
        GroupPassage(f"{language.value}-{start + i}", 0, len(t), t, language, 0.9, 0.1)
        for i, t in enumerate(texts)
    )


def known_groups() -> list[Group]:
    """The corpus whose themes are known, put together by hand."""
    by_theme: dict[str, list[GroupPassage]] = defaultdict(list)
    for d in documents():
        assert d.language is not None
        by_theme[theme_of(d.id)].append(
            GroupPassage(d.id, 0, len(d.text), d.text, d.language, 0.9, 0.2)
        )
    return [Group(code, None, tuple(found)) for code, found in by_theme.items()]


def described(groups: list[Group]) -> dict[str, Description]:
    return {d.code: d for d in describe_themes(groups)}


def rest(language: Language = FR) -> Group:
    """Something else for the theme under test to differ from."""
    other = {
        FR: ("Le train arrive en retard.", "Le train est plein.", "Un train de nuit serait bien."),
        EN: ("The train is late.", "The train is full.", "A night train would help."),
    }[language]
    return Group("Z", None, passages(*other, language=language, start=900))


def test_each_theme_is_named_after_its_subject_in_both_languages() -> None:
    found = described(known_groups())
    expected = {
        "waiting": (r"wait|line|queue", r"attente|file"),
        "french": (r"french|official lang|bilingual", r"français|langue|bilingue"),
        "parking": (r"parking|space", r"stationnement"),
        "forms": (r"form|website", r"formulaire|site"),
        "phone": (r"phone|call", r"téléphon|appel"),
        "courtesy": (r"employee|staff|courte|clerk|polite|friendly", r"employé|person|court|agent"),
    }
    for code, (english, french) in expected.items():
        assert re.search(english, found[code].name_en.lower()), found[code].name_en
        assert re.search(french, found[code].name_fr.lower()), found[code].name_fr


def test_names_and_keywords_keep_to_their_language_and_say_something() -> None:
    for d in described(known_groups()).values():
        for name, keywords, own in (
            (d.name_en, d.keywords_en, EN),
            (d.name_fr, d.keywords_fr, FR),
        ):
            assert name[0].isupper()
            assert 0 < len(keywords) <= 8
            assert len(set(keywords)) == len(keywords)
            words = re.findall(r"[\w'-]+", name.lower())
            assert words[0] not in lexicon(own).function
            assert words[-1] not in lexicon(own).function | lexicon(own).verb
            assert all(k.lower() not in lexicon(own).function for k in keywords)
        said = {
            lang: " ".join(x.text for x in documents() if x.language is lang).lower()
            for lang in (EN, FR)
        }
        assert all(k.lower() in said[EN] for k in d.keywords_en)
        assert all(k.lower() in said[FR] for k in d.keywords_fr)


def test_no_two_themes_share_a_name() -> None:
    same = passages(*["Le stationnement est cher au centre."] * 3)
    groups = [
        Group(f"T{i}", None, tuple(replace(p, document_id=f"{i}-{p.document_id}") for p in same))
        for i in range(4)
    ]
    found = described(groups)
    assert len({d.name_fr for d in found.values()}) == 4
    known = described(known_groups())
    assert len({d.name_en for d in known.values()}) == len(known)


@pytest.mark.parametrize("hash_order", [1, 2])
def test_the_order_of_groups_and_passages_changes_nothing(hash_order: int) -> None:
    groups = known_groups()
    before = described(groups)
    shuffler = random.Random(hash_order)
    mixed = [
        replace(g, passages=tuple(shuffler.sample(g.passages, len(g.passages)))) for g in groups
    ]
    shuffler.shuffle(mixed)
    assert described(mixed) == before


def test_french_names_keep_their_elisions_and_accents() -> None:
    group = Group(
        "A",
        None,
        passages(
            "L'accès à l'eau potable manque au village.",
            "Nous demandons l'accès à l'eau potable.",
            "L'accès à l'eau potable est un droit, aujourd'hui comme hier.",
            "Sans accès à l'eau potable, rien ne va.",
        ),
    )
    d = described([group, rest()])["A"]
    assert d.name_fr == "Accès à l'eau potable"
    assert not any(k.startswith(("l'", "d'")) or k == "aujourd" for k in d.keywords_fr)


def test_words_are_shown_as_most_people_wrote_them() -> None:
    group = Group(
        "A",
        None,
        passages(
            "The CANADA student grant is late.",
            "My Canada student grant never came.",
            "I wait for the Canada student grant.",
            "canada student grant please",
            language=EN,
        ),
    )
    assert described([group, rest(EN)])["A"].name_en == "Canada student grant"


def test_a_language_nobody_wrote_in_is_said_to_be_empty() -> None:
    both = Group("Z", None, rest(EN).passages + rest(FR).passages)
    d = described(
        [
            Group("A", None, passages("Le loyer est trop cher.", "Un loyer cher.", "Mon loyer.")),
            both,
        ]
    )["A"]
    assert "(no comments in English)" in d.name_en
    assert d.name_fr in d.name_en
    assert d.keywords_en == ()
    assert d.description_en == "3 comments, all in French."
    assert "tous en français" in d.description_fr
    english = Group("A", None, passages("Rent is high.", "High rent.", language=EN))
    e = described([english, both])["A"]
    assert "(aucun commentaire en français)" in e.name_fr
    assert e.name_fr.startswith("«\u00a0")
    # Where nobody wrote in it of anything, no theme needs to say so.
    e = described([english, rest(EN)])["A"]
    assert e.name_fr == f"«\u00a0{e.name_en}\u00a0»"


def test_what_was_masked_never_reaches_a_name_a_keyword_or_a_sentence() -> None:
    group = Group(
        "A",
        None,
        passages(
            *["Mme [nom retiré] m'a rappelé au [numéro de téléphone retiré] pour mon dossier."] * 2,
            "Mon dossier est au bureau de [nom retiré].",
            "Le dossier de [nom retiré] est perdu.",
        ),
    )
    d = described([group, rest()])["A"]
    for shown in (d.name_fr, d.name_en, d.description_fr, *d.keywords_fr):
        assert "retir" not in shown
        assert "[" not in shown


def test_a_word_only_one_person_wrote_is_no_name() -> None:
    group = Group(
        "A",
        None,
        passages(
            "Zephyrin Tremblay du guichet a perdu mon passeport.",
            "Mon passeport arrive en retard au guichet.",
            "Le passeport coûte cher.",
            "Un passeport en dix jours, merci au guichet.",
        ),
    )
    d = described([group, rest()])["A"]
    assert "Zephyrin" not in " ".join((d.name_fr, d.description_fr, *d.keywords_fr))
    assert "Tremblay" not in " ".join((d.name_fr, d.description_fr, *d.keywords_fr))


def test_addresses_of_pages_are_no_words() -> None:
    assert [
        t.low for s in segments("Voir https://exemple.ca/page?x=1 du site", FR) for t in s.tokens
    ] == ["voir", "du", "site"]


def test_descriptions_count_what_can_be_counted() -> None:
    groups = known_groups()
    for d in described(groups).values():
        group = next(g for g in groups if g.code == d.code)
        english, french = (sum(p.language is spoken for p in group.passages) for spoken in (EN, FR))
        assert f"{len(group.passages)} comments, {english} in English" in d.description_en
        assert f"{len(group.passages)} commentaires, dont {french} en français" in d.description_fr
        for text, language, marks in (
            (d.description_en, EN, r"“([^”]+)” \((\d+)\)"),
            (d.description_fr, FR, r"«\u00a0([^»]+)\u00a0» \((\d+)\)"),
        ):
            found = re.findall(marks, text)
            assert found
            for phrase, n in found:
                stems = [w[:4] for w in phrase.lower().split() if len(w) > 3]
                holding = [
                    p
                    for p in group.passages
                    if p.language is language and all(s in p.text.lower() for s in stems)
                ]
                assert int(n) <= len(holding)
            assert text.endswith(".")


def test_a_letter_counts_as_often_as_it_came() -> None:
    one = passages("Gardez la bibliothèque ouverte.", "La bibliothèque est utile.")
    group = Group("A", None, (replace(one[0], weight=40), one[1]))
    assert described([group, rest()])["A"].description_fr.startswith("41 commentaires")


def test_the_caller_may_know_the_counts_better_than_a_sample() -> None:
    group = known_groups()[0]
    d = describe_themes([group, rest()], languages={group.code: {"en": 5000, "fr": 3000}})[0]
    assert d.description_en.startswith("8,000 comments, 5,000 in English and 3,000 in French")
    assert d.description_fr.startswith("8\u00a0000 commentaires")
    assert "%" in d.description_en


def test_quotes_are_whole_passages_from_different_people() -> None:
    for group in known_groups():
        d = described([group, *[g for g in known_groups() if g.code != group.code]])[group.code]
        kept = {(p.document_id, p.start, p.end, p.text, p.language) for p in group.passages}
        assert all((q.document_id, q.start, q.end, q.text, q.language) in kept for q in d.quotes)
        assert len({q.document_id for q in d.quotes}) == len(d.quotes)
        for language in (EN, FR):
            assert 3 <= sum(q.language is language and not q.border for q in d.quotes) <= 5
        assert sum(q.border for q in d.quotes) == 2


def test_quotes_do_not_repeat_each_other() -> None:
    many = passages(
        *["Le comptoir ferme beaucoup trop tôt le vendredi après-midi."] * 6,
        "Il faudrait ouvrir le comptoir le samedi pour ceux qui travaillent.",
        "Au comptoir, on m'a renvoyé chez moi faute de pièce d'identité.",
    )
    d = described([Group("A", None, many), rest()])["A"]
    shown = [q.text for q in d.quotes if not q.border]
    assert len(shown) == len(set(shown)) == 3


def test_nothing_is_shown_twice_at_the_border() -> None:
    said = ["Un local fermé.", "Un local fermé.", "un  local fermé.", "Des chaises."]
    many = passages(*said, *(f"Le comptoir ferme trop tôt, {n} heures." for n in range(9, 18)))
    edges = tuple(replace(p, border=0.9 - i / 100) for i, p in enumerate(many[:4]))
    d = described([Group("A", None, (*edges, *many[4:])), rest()])["A"]
    shown = [" ".join(q.text.casefold().split()) for q in d.quotes]
    assert sum(q.border for q in d.quotes) == 2
    assert len(shown) == len(set(shown))


def test_french_need_not_elide_before_what_it_quotes() -> None:
    """Whether "de" elides before an h only a dictionary knows: a colon asks nobody."""
    said = ("L'attente est longue.", "Encore de l'attente.", "Une attente au guichet.")
    d = described([Group("A", None, passages(*said)), rest()])["A"]
    assert "on y relève surtout\u00a0: «\u00a0attente\u00a0» (3)" in d.description_fr


def test_a_quote_with_something_hidden_comes_last() -> None:
    many = passages(
        "Mon agente [nom retiré] au comptoir a été très patiente avec moi.",
        "L'agente au comptoir a pris le temps de tout expliquer.",
        "Le service au comptoir est lent mais les agentes sont gentilles.",
        "Une agente du comptoir m'a aidé à remplir la demande.",
    )
    d = described([Group("A", None, many), rest()])["A"]
    assert all("[nom retiré]" not in q.text for q in d.quotes if not (q.border or q.at_random))


def test_a_part_is_not_named_like_its_whole() -> None:
    whole = known_groups()[0]
    half = [
        Group("P.1", "P", whole.passages[:8]),
        Group("P.2", "P", whole.passages[8:]),
    ]
    found = described([replace(whole, code="P"), *half, *known_groups()[1:]])
    for language in ("name_en", "name_fr"):
        names = [getattr(found[code], language) for code in ("P", "P.1", "P.2")]
        assert len({n for n in names if n}) == 3


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Elle a dit «\u00a0bonjour\u00a0» et «\u00a0merci\u00a0».", True),
        ("\u00bb J'ai attendu une heure.", False),
        ("J'ai attendu «\u00a0une petite heure.", False),
        ("They said “come back” twice.", True),
        ("come back” they said.", False),
        ('It says "an error occurred.', False),
        ('It says "an error", again.', True),
        ("1) the line, 2) the form (again).", True),
        ("the form (again", False),
        ("again) the form", False),
        ("", True),
    ],
)
def test_half_a_quotation_is_known(text: str, *, whole: bool) -> None:
    assert is_whole(text) is whole


def test_half_a_quotation_is_not_quoted_while_there_is_another() -> None:
    many = passages(
        "Le comptoir ferme trop tôt pour les travailleurs du village (et le samedi matin aussi.",
        "Le comptoir du village ferme. Les travailleurs le samedi matin\u00a0».",
        "On attend longtemps au comptoir quand il pleut, faute de chaises.",
        "Les travailleurs de nuit dorment quand la porte ouvre.",
        "Au village, la caisse a fermé bien avant.",
    )
    d = described([Group("A", None, many), rest()])["A"]
    shown = [q.text for q in d.quotes if not q.border]
    assert len(shown) == 3
    assert all(is_whole(text) for text in shown)


def test_quotes_say_what_the_name_says() -> None:
    groups = known_groups()
    encoder = UseEmbedder()
    vectors = [encoder.embed([p.text for p in g.passages]) for g in groups]
    found = describe_themes(groups, embedder=encoder, vectors=vectors)
    for d in found:
        for language in (EN, FR):
            name = set(roots(getattr(d, f"name_{language}"), language))
            shown = [
                q for q in d.quotes if q.language is language and not (q.border or q.at_random)
            ]
            assert sum(bool(name & set(roots(q.text, language))) for q in shown) >= len(shown) / 2


def test_the_two_names_of_a_theme_name_one_subject() -> None:
    """Each language alone would be named after what most of it says."""
    english = (
        *["Parking at the office is full.", "No parking near it.", "Free parking would help."] * 2,
        *["The bus is late.", "The bus never comes.", "A bus on Sunday, please.", "No bus."] * 2,
    )
    french = (
        *["Le stationnement est plein.", "Le stationnement coûte cher."] * 4,
        *["L'autobus passe une fois.", "Un autobus le dimanche.", "Mon autobus est en retard."] * 2,
    )
    alone = [
        Group("A", None, passages(*english, language=EN)),
        Group("B", None, passages(*french, start=500)),
        rest(EN),
        replace(rest(FR), code="Y"),
    ]
    both = replace(alone[0], passages=alone[0].passages + alone[1].passages)
    encoder = UseEmbedder()
    apart = describe_themes(alone, embedder=encoder)
    d = describe_themes([both, *alone[2:]], embedder=encoder)[0]

    def likeness(english: str, french: str) -> float:
        one, other = encoder.embed([english, french])
        return float(one @ other)

    together = likeness(d.name_en, d.name_fr)
    assert together >= likeness(apart[0].name_en, apart[1].name_fr)
    assert together > 0.6


def test_a_name_is_not_taken_again_with_another_spelling() -> None:
    groups = [
        Group("A", None, passages(*["It is a criminal offence."] * 5, language=EN)),
        Group("B", None, passages(*["It is a criminal offense."] * 4, language=EN, start=50)),
        Group("C", None, passages(*["My top-up failed."] * 5, language=EN, start=100)),
        Group("D", None, passages(*["My topup failed."] * 4, language=EN, start=150)),
    ]
    names = [re.sub(r"\W", "", d.name_en.lower()) for d in described(groups).values()]
    assert len({name.replace("offense", "offence") for name in names}) == len(names)


def test_a_part_whose_name_is_taken_is_named_with_the_subject_of_the_whole() -> None:
    letters = passages(*["Vos lettres, je ne les comprends pas."] * 6)
    other = passages(*["Le français manque au comptoir."] * 4, start=50)
    mine = passages(*["Des lettres, encore des lettres."] * 4, start=100)
    found = described(
        [
            Group("A", None, letters),
            Group("B", None, (*other, *mine)),
            Group("B.1", "B", other),
            Group("B.2", "B", mine),
        ]
    )
    assert all(FR not in d.unnamed for d in found.values())
    assert len({d.name_fr for d in found.values()}) == 4


def test_relatives_and_weekdays_name_no_theme() -> None:
    found = described(
        [
            Group(
                "A",
                None,
                passages(
                    "My mother lost her birth certificate on Monday.",
                    "On Monday my mother asked for a birth certificate.",
                    "My mother needs a birth certificate by Monday.",
                    language=EN,
                ),
            ),
            rest(EN),
        ]
    )
    assert found["A"].name_en == "Birth certificate"
    said = (
        "Ma conjointe a perdu son passeport.",
        "Le passeport de ma conjointe.",
        "Ma conjointe attend un passeport.",
    )
    assert described([Group("A", None, passages(*said)), rest()])["A"].name_fr == "Passeport"


def test_a_word_is_not_torn_out_of_the_phrase_it_is_said_in() -> None:
    group = Group(
        "A",
        None,
        passages(
            "La politique du mot de passe change chaque mois.",
            "Un mot de passe de douze lettres, c'est trop.",
            "J'oublie le mot de passe chaque mois.",
            "La politique est refusée.",
        ),
    )
    corpora = [Corpus([group, rest()], language) for language in (FR, EN)]
    said = {c.shown for c in corpora[0].voices(corpora[1])["A"].names}
    assert {"mot de passe", "politique"} <= said
    assert not {"mot", "passe"} & said


def test_what_is_hardly_ever_said_apart_is_one_thing() -> None:
    found = described(
        [
            Group(
                "A",
                None,
                passages(
                    "Does Apple Pay work with my card?",
                    "I cannot add Apple Pay to the phone.",
                    "Apple Pay was refused twice.",
                    "When will you take Apple Pay?",
                    "Pay by Apple Pay, they said.",
                    language=EN,
                ),
            ),
            rest(EN),
        ]
    )
    assert found["A"].name_en.startswith("Apple Pay")


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["!!! ???"],
        ["123 456"],
        ["👍👍👍"],
        ["oui"],
        ["le la les"],
        ["[nom retiré]"],
        ["a" * 10_000],
        ["=1+1; <script>"],
    ],
)
def test_poor_texts_are_described_without_failing(texts: list[str]) -> None:
    groups = [Group("A", None, passages(*texts, *[t + " " for t in texts])), rest()]
    d = described(groups)["A"]
    assert d.name_en
    assert d.name_fr
    assert d.description_fr.endswith(".")


def test_no_groups_have_no_descriptions() -> None:
    assert describe_themes([]) == ()


def test_english_possessives_and_french_inversions_are_no_words_of_their_own() -> None:
    english = [segments(text, EN) for text in ("The city's parks.", "The city has parks.")]
    found = Vocabulary(english, EN)
    assert found.forms("citi") == ("city", "city's")
    french = [segments("Est-ce que le ferait-il demain?", FR)] * 2
    assert not Vocabulary(french, FR).is_content("ferait-il")


def test_names_agree_in_meaning_when_an_encoder_is_at_hand() -> None:
    groups = known_groups()
    encoder = UseEmbedder()
    found = describe_themes(groups, embedder=encoder)
    again = describe_themes(groups[::-1], embedder=encoder)
    assert {d.code: d for d in again} == {d.code: d for d in found}
    english = encoder.embed([d.name_en for d in found])
    french = encoder.embed([d.name_fr for d in found])
    likeness = english @ french.T
    # Each English name is nearer to its own French name than to the average of the others.
    for i in range(len(found)):
        assert likeness[i, i] > (likeness[i].sum() - likeness[i, i]) / (len(found) - 1)


def test_passage_vectors_may_be_given_instead_of_made_again() -> None:
    groups = known_groups()

    class Counting(UseEmbedder):
        asked = 0

        def embed(self, texts: Sequence[str]) -> Vectors:
            self.asked += sum(len(words_of(text)) > 7 for text in texts)
            return super().embed(texts)

    encoder = Counting()
    vectors = [encoder.embed([p.text for p in g.passages]) for g in groups]
    encoder.asked = 0
    found = describe_themes(groups, embedder=encoder, vectors=vectors)
    assert encoder.asked == 0
    for d in found:
        assert d.name_en
        assert d.unnamed == ()


def test_a_name_that_only_stands_in_for_one_is_marked() -> None:
    alone = Group("A", None, passages("Le loyer est trop cher.", "Un loyer cher.", "Mon loyer."))
    found = described([alone, *known_groups()])
    assert found["A"].unnamed == (EN,)
    assert all(d.unnamed == () for code, d in found.items() if code != "A")


def test_a_verb_is_no_part_of_a_name() -> None:
    found = described(
        [
            Group(
                "A",
                None,
                passages(
                    "Capital punishment serves no purpose.",
                    "Capital punishment serves nobody, it serves revenge.",
                    "It will serve nobody; capital punishment is revenge.",
                    language=EN,
                ),
            ),
            rest(EN),
        ]
    )
    assert found["A"].name_en.startswith("Capital punishment")
    assert "serves" not in found["A"].name_en


def test_the_accents_of_most_people_are_shown() -> None:
    found = described(
        [
            Group(
                "A",
                None,
                passages(
                    "Le pole emploi ne répond pas.",
                    "Mon pole emploi est loin.",
                    "Au pole emploi, chaque pôle est fermé: le pôle des jeunes, le pôle de nuit.",
                    "Un pole emploi, pas un pôle.",
                ),
            ),
            rest(),
        ]
    )
    assert found["A"].name_fr.startswith("Pôle emploi")


_WORDS = st.sampled_from(
    [
        *("the", "of", "parking", "bus", "service", "le", "de", "du", "guichet", "français"),
        *("stationnement", "French", "I", "et", "2024", "007", "👍", "☃", "...", "é", "a", "and"),
        *("https://example.ca/x", "SHOUT", "it's", "l'eau", "--", "C++"),
        "[name removed]",
    ]
)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=9).map(" ".join)


@given(
    st.lists(
        st.tuples(_TEXTS, st.sampled_from([EN, FR]), st.integers(0, 3)), min_size=1, max_size=24
    )
)
@settings(max_examples=40, deadline=None)
def test_whatever_people_write_names_are_unique_words_of_their_language(
    rows: list[tuple[str, Language, int]],
) -> None:
    by_group: dict[int, list[GroupPassage]] = defaultdict(list)
    for n, (text, language, group) in enumerate(rows):
        by_group[group].append(GroupPassage(f"d{n:03}", 0, len(text), text, language, 0.5, 0.1))
    groups = [Group(f"T{g}", None, tuple(ps)) for g, ps in sorted(by_group.items())]
    found = described(groups)
    for language in (EN, FR):
        named = [d for d in found.values() if language not in d.unnamed]
        names = [getattr(d, f"name_{language}") for d in named]
        assert len({name.casefold() for name in names}) == len(names)
        said = " ".join(t for t, lang, _group in rows if lang is language).lower()
        other = lexicon(FR if language is EN else EN).function
        for d, name in zip(named, names, strict=True):
            tokens = [t.low for s in segments(name, language) for t in s.tokens]
            meant = [t for t in tokens if t not in lexicon(language).function]
            assert meant
            assert not any(t.isdigit() for t in tokens)
            assert not set(meant) & other
            assert all(t in said for t in meant)
            assert "removed" not in name
            keywords = getattr(d, f"keywords_{language}")
            assert len(keywords) <= 8
            assert not {k.lower() for k in keywords} & lexicon(language).function


def test_half_of_the_quotes_are_drawn_by_lot_and_marked() -> None:
    groups = known_groups()
    once = {d.code: d for d in describe_themes(groups)}
    again = {d.code: d for d in describe_themes(list(reversed(groups)))}
    other = {d.code: d for d in describe_themes(groups, seed=7)}

    def drawn(found: Description) -> list[str]:
        return [q.document_id for q in found.quotes if q.at_random]

    for code, d in once.items():
        for language in (EN, FR):
            own = [q.at_random for q in d.quotes if q.language is language and not q.border]
            assert 2 * sum(own) >= len(own)
            # Those that were chosen stand before those that were drawn, and there are some.
            assert own == sorted(own)
            assert len(own) < 3 or not all(own)
        assert not any(q.at_random for q in d.quotes if q.border)
        assert drawn(again[code]) == drawn(d)
    assert any(drawn(other[code]) != drawn(d) for code, d in once.items())


def test_the_lot_favours_nobody() -> None:
    """Over many seeds each passage of a group is drawn about as often as any other."""
    group = next(group for group in known_groups() if group.code == "waiting")
    corpora = {language: Corpus([group], language) for language in (EN, FR)}
    voices = {
        EN: corpora[EN].voices(corpora[FR])[group.code],
        FR: corpora[FR].voices(corpora[EN])[group.code],
    }
    drawn: dict[Language, Counter[str]] = {EN: Counter(), FR: Counter()}
    for seed in range(300):
        for q in choose_quotes(group.passages, voices, {}, seed=seed):
            if q.at_random:
                drawn[q.language][q.document_id] += 1
    for language, counts in drawn.items():
        assert len(counts) == sum(p.language is language for p in group.passages)
        assert max(counts.values()) < 3 * min(counts.values())


def test_the_questions_own_subject_names_no_theme_of_it() -> None:
    """Nine in ten speak of the ferry, as they were asked to: a theme is what they say of it."""
    about = {
        "A": "The ferry fares are too high for families.",
        "B": "The ferry schedule changes without notice.",
        "C": "On the ferry the noise of the engines is unbearable.",
    }
    found = described(
        [
            Group(code, None, passages(*[text] * 8, language=EN, start=100 * n))
            for n, (code, text) in enumerate(about.items())
        ]
    )
    assert not any(d.name_en == "Ferry" or EN in d.unnamed for d in found.values())
    # Where nothing else is said it is better than nothing.
    alone = described([Group("A", None, passages(*["The ferry."] * 8, language=EN))])
    assert alone["A"].name_en == "Ferry"


@pytest.mark.parametrize(
    ("one", "other", "language", "same"),
    [
        ("parking", "park", EN, False),
        ("training", "trains", EN, False),
        ("housing", "house", EN, False),
        ("buses", "bus", EN, True),
        ("licences", "license", EN, True),
        ("stationnement", "stations", FR, False),
        ("stationnement", "stationner", FR, True),
    ],
)
def test_forms_of_one_subject_are_one_word(
    one: str, other: str, language: Language, same: bool
) -> None:
    assert (stem(one, language) == stem(other, language)) is same


def test_what_several_wrote_in_the_same_words_can_name_a_theme() -> None:
    once = passages("Free parking", "Open earlier", "A private room", language=EN)
    several = (replace(once[0], weight=6), *once[1:])
    assert described([rest(EN), Group("A", None, once)])["A"].unnamed == (EN, FR)
    assert described([rest(EN), Group("A", None, several)])["A"].name_en == "Free parking"


def test_a_plural_at_the_end_is_a_noun_where_nothing_speaks_for_a_verb() -> None:
    said = ("Vehicle permits", "Permits for small businesses", "Fishing permits")
    found = described([rest(EN), Group("A", None, passages(*said, language=EN))])
    assert "permits" in words_of(found["A"].name_en)


def test_little_words_of_third_languages_name_nothing_and_words_like_them_may() -> None:
    german = ("Das Bild ist nicht gut wegen der Bahn",) * 3
    war = ("The war museum is closed.", "A war museum for children.", "Our war museum needs staff.")
    found = described(
        [
            rest(EN),
            Group("A", None, passages(*german, language=EN)),
            Group("B", None, passages(*war, language=EN, start=50)),
        ]
    )
    named = {*words_of(found["A"].name_en), *found["A"].keywords_en}
    assert named.isdisjoint({"das", "ist", "nicht", "wegen", "der"})
    assert "war" in words_of(found["B"].name_en)
