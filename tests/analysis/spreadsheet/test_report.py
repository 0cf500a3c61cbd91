"""What the report says at its top, on results made by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from analysis.catalogue import translations
from analysis.figures.charts import format_share
from analysis.figures.splits import Verdict, values_of
from analysis.figures.splits.comparing import split
from analysis.pipeline.types import (
    Caution,
    Confidence,
    Document,
    Language,
    LetterCampaign,
    Level,
    PassageAssignment,
    Reason,
    Repeat,
    Result,
    ThemeProposal,
    Warning,  # noqa: A004 - the field's word for it
)
from analysis.reasons import Why
from analysis.spreadsheet.documents import Input
from analysis.spreadsheet.outcome import Outcome
from analysis.spreadsheet.pictures import question_section, quoted
from analysis.spreadsheet.questions import Question
from analysis.spreadsheet.report import report_html

WHY = Confidence(Level.LOW, Why("many_in_no_theme", {"percent": 40}))


def outcome(confidence: Confidence, *, versions: dict[str, str] | None = None) -> Outcome:
    texts = {str(i): f"Parking {i}" for i in (10, 9, 101)}
    theme = ThemeProposal(
        code="T1", name_en="Parking", name_fr="Stationnement",
        description_en="3 comments, all in English.",
        description_fr="3 commentaires, tous en anglais.",
        keywords_en=("parking",), keywords_fr=(), size=3, passages=3, languages={"en": 3},
        confidence=confidence, quotes=(),
    )  # fmt: skip
    assignments = tuple(
        PassageAssignment(i, 0, len(text), text, Language.EN, "T1", True, 1.0, None)
        for i, text in sorted(texts.items())
    )
    result = Result((theme,), assignments, (), confidence, {}, {}, versions or {}, "0" * 64)
    documents = tuple(Document(i, text) for i, text in texts.items())
    return Outcome(result, Input(documents, (), "UTF-8, comma"), {"file": "c.csv"})


def leads_of(found: Outcome) -> list[str]:
    return re.findall(r'<p class="lead">(.*?)</p>', report_html(found, first="en"))


def leads(confidence: Confidence) -> list[str]:
    return leads_of(outcome(confidence))


def test_low_confidence_is_said_in_the_first_sentences_with_its_reason() -> None:
    english, french = leads(WHY)
    assert english.endswith("Confidence is low: 40% of the texts are in no theme.")
    assert french.endswith(
        "Fiabilité faible\u00a0: 40\u00a0% des textes ne relèvent d’aucun thème."
    )


@pytest.mark.parametrize("level", [Level.MODERATE, Level.HIGH])
def test_other_levels_are_not_called_low(level: Level) -> None:
    english, french = leads(Confidence(level, Why("unchecked")))
    assert "Confidence" not in english
    assert "Fiabilité" not in french


def test_ids_stand_in_the_order_of_the_file() -> None:
    assert outcome(WHY).in_order(["101", "9", "10"]) == ["10", "9", "101"]


def test_a_long_digest_is_shortened_and_kept_whole_where_it_can_be_opened() -> None:
    digest = "ab12" * 16
    html = report_html(outcome(WHY, versions={"embedder": f"use {digest}"}), first="en")
    for page in re.findall(r'<footer class="end">.*?</footer>', html, re.DOTALL):
        shown, _, hidden = page.partition("<details>")
        assert digest[:12] in shown
        assert digest not in shown
        assert digest in hidden


def test_the_size_of_a_theme_is_said_once() -> None:
    html = report_html(outcome(WHY), first="en")
    for numbers in re.findall(r'<p class="numbers">.*?</p>', html):
        assert "n&nbsp;" not in numbers


def test_candidates_are_told_from_the_themes_of_a_codebook() -> None:
    found = outcome(WHY)
    (theme,) = found.result.themes
    candidate = replace(theme, code="E1", name_en="Volcanoes", name_fr="Volcans", emergent=True)
    rows = found.result.assignments
    result = replace(
        found.result,
        themes=(replace(theme, size=1), replace(candidate, size=2)),
        assignments=(rows[0], *(replace(row, theme="E1") for row in rows[1:])),
    )
    html = report_html(replace(found, result=result, source={"codebook": "b.csv"}), first="en")
    english, french = re.findall(r'<p class="lead">(.*?)</p>', html)
    # One of three fits the codebook, however many the candidate holds.
    assert english.startswith("1 of the 3 ")
    assert "Volcanoes" not in english
    assert french.startswith("Des 3 commentaires de fond, 1 (33\u00a0%)")
    assert "Volcans" not in french
    assert "Volcanoes (candidate)" in html
    assert "Volcans (hors grille)" in html
    assert "Parking (" not in html
    for title in re.findall(r"<h1>(.*?)</h1>", html):
        assert re.search("candidate|hors grille", title)


def test_what_is_said_with_the_confidence_is_not_said_again() -> None:
    found = outcome(
        Confidence(Level.LOW, Why("theme_seldom_back", {"size": 40, "percent": 31}), 0.31)
    )
    (theme,) = found.result.themes
    warnings = (
        Caution(Warning.VAGUE, Why("seldom_back", {"percent": 31})),
        Caution(Warning.VAGUE, Why("no_words_of_its_own")),
        Caution(Warning.TINY, Why("tiny", {"n": 3, "least": 5})),
    )
    result = replace(found.result, themes=(replace(theme, warnings=warnings),))
    html = report_html(replace(found, result=result), first="en")
    assert "Only 31% of it" not in html
    assert "lisez-le avant" not in html
    for text in (
        "No words set",
        "Aucun mot",
        "Different texts: only 3",
        "Nombre de textes différents : 3",
    ):
        assert text in html


def test_what_letters_alone_make_is_said_to_be_theirs() -> None:
    # Forty copies say no; without them, those who wrote of parking answer as all others do.
    letters = {f"L{n}" for n in range(40)}
    wrote, others = {f"w{n}" for n in range(12)}, {f"o{n}" for n in range(60)}
    answers = dict.fromkeys(letters, "no") | {
        i: "yes" if int(i[1:]) % 2 else "no" for i in wrote | others
    }
    found = split(
        themes={"T1": letters | wrote},
        answers=answers,
        values=values_of(sorted(answers.values())),
        everyone=answers.keys(),
        letters=letters,
    )
    assert found.theme("T1").verdict is Verdict.LETTERS  # type: ignore[union-attr]
    for language, name in (("en", "“Parking”"), ("fr", "«\u00a0Stationnement\u00a0»")):
        section = question_section(Question("Answer", found), 1, outcome(WHY), language)
        assert any(text.startswith(name) for text in section.lead)
        none = "No theme differs from the others by more than chance could make."
        assert translations(language).gettext(none) not in section.lead


def test_letters_that_are_most_of_the_comments_are_told_at_the_top() -> None:
    found = outcome(WHY)
    campaign = LetterCampaign("C1", "9", ("9", "10", "101"), {"en": 3})
    many = replace(found, result=replace(found.result, campaigns=(campaign,)))
    for language, lead in zip(("en", "fr"), leads_of(many), strict=True):
        said = translations(language).ngettext(
            "One letter accounts for {n} of the comments ({share}).",
            "{k} letters account for {n} of the comments ({share}).",
            1,
        )
        assert said.format(n=3, share=format_share(1.0, language)) in unescape(lead)
    assert "letter" not in leads_of(found)[0]


def test_a_stand_in_for_a_name_is_not_quoted_twice() -> None:
    assert quoted("Parking", "fr") == "«\u00a0Parking\u00a0»"
    stand_in = "«\u00a0Parking\u00a0» (aucun commentaire en français)"
    assert quoted(stand_in, "fr") == stand_in


def test_a_language_hardly_written_is_named_once_not_with_every_theme() -> None:
    found = outcome(WHY)
    (theme,) = found.result.themes
    nameless = replace(theme, name_fr="«\u00a0Parking\u00a0»", unnamed=(Language.FR,))
    found = replace(
        found, result=replace(found.result, themes=(nameless, replace(nameless, code="T2")))
    )
    (one, *others) = found.result.assignments
    rest = [replace(one, document_id=str(i), theme=None) for i in range(1000, 1030)]
    french = replace(one, document_id="french", language=Language.FR, theme=None)
    found = replace(
        found,
        result=replace(found.result, assignments=(one, *others, *rest, french)),
        given=replace(
            found.given,
            documents=(
                *found.given.documents,
                *(Document(a.document_id, a.text) for a in (*rest, french)),
            ),
        ),
    )
    page = unescape(report_html(found, first="fr"))
    for no_french, no_english in (
        ("Hardly any comment is in French.", "Hardly any comment is in English."),
        ("Presque aucun commentaire n’est en français.", "Presque aucun commentaire n’est en ang"),
    ):
        assert page.count(no_french) == 1
        assert no_english not in page


def in_languages(found: Outcome, languages: tuple[Language, ...]) -> Outcome:
    assignments = tuple(
        replace(a, language=spoken)
        if spoken is not Language.OTHER
        else replace(a, language=spoken, theme=None, main=False, reason=Reason.OTHER_LANGUAGE)
        for a, spoken in zip(found.result.assignments, languages, strict=True)
    )
    return replace(found, result=replace(found.result, assignments=assignments))


def test_the_head_counts_every_comment_by_language() -> None:
    spoken = (Language.EN, Language.OTHER, Language.UNDETERMINED)
    page = unescape(report_html(in_languages(outcome(WHY), spoken), first="en"))
    third = {language: format_share(1 / 3, language) for language in ("en", "fr")}
    for language, order in (("en", "33% / 0%"), ("fr", "0\u00a0% / 33\u00a0%")):
        (facts,) = re.findall(rf'page-{language}".*?<dl class="big">(.*?)</dl>', page, re.DOTALL)
        assert f"<dd>{order}</dd>" in facts
        assert facts.count(f"<dd>{third[language]}</dd>") == 2
        said = translations(language).pgettext(
            "below a number", "in another language; not analyzed"
        )
        assert said in facts
    english, french = leads_of(in_languages(outcome(WHY), spoken))
    assert english.startswith("1 comment (33%) is in a language other than")
    assert french.startswith("1 commentaire (33\u00a0%) est dans une autre langue")


def test_in_a_file_of_one_language_no_name_is_missing() -> None:
    found = outcome(WHY)
    (theme,) = found.result.themes
    nameless = replace(theme, name_fr="«\u00a0Parking\u00a0»", unnamed=(Language.FR,))
    found = replace(found, result=replace(found.result, themes=(nameless,)))
    page = report_html(found, first="en")
    assert "Hardly any comment" not in page
    assert "In French:" not in page


@pytest.mark.parametrize(("gap", "said"), [(0.0, False), (0.08, True)])
def test_that_two_languages_were_brought_nearer_is_said(gap: float, said: bool) -> None:
    found = outcome(WHY)
    found = replace(found, result=replace(found.result, metrics={"language_gap": gap}))
    for language in ("en", "fr"):
        words = translations(language).gettext(
            "How much nearer the two languages were brought (0: nothing to correct)"
        )
        assert (words in unescape(report_html(found, first="en"))) is said


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("share", [0.5, 0.0])
def test_a_second_encoder_is_told_with_what_it_counted_for(language: str, share: float) -> None:
    found = outcome(WHY)
    result = replace(
        found.result,
        config={"second_embedder": "folder:/srv/models/minilm"},
        metrics={"second_share": share},
    )
    html = unescape(report_html(replace(found, result=result), first=language))
    # Its name, not where it lies; what it counted for, where it did.
    assert html.count("(minilm)") == 2
    assert "/srv" not in html
    half = format_share(0.5, language)
    plain = unescape(report_html(found, first=language))
    assert html.count(half) - plain.count(half) == (share > 0)


def test_what_several_wrote_the_same_opens_on_where_it_stands_in_the_file() -> None:
    made = outcome(WHY)
    repeat = Repeat("10", "Parking & <b>", Language.EN, ("10", "101", "9"))
    page = report_html(replace(made, result=replace(made.result, repeats=(repeat,))), first="en")
    found = re.findall(
        r'<details class="repeated"><summary>(.*?)</summary>(.*?)</details>', page, re.S
    )
    said = [(re.sub(r"[ \n]+", " ", re.sub(r"<.*?>", "", f"{a}{b}")).strip()) for a, b in found]
    # In the order of the file, in both languages; what people wrote is escaped.
    assert [unescape(text) for text in said] == [
        "3 people wrote the same: Parking & <b> Rows: 10, 9, 101",
        "3 personnes ont écrit la même chose\u00a0: Parking & <b> Lignes\u00a0: 10, 9, 101",
    ]


def test_what_many_wrote_the_same_is_told_at_the_top_and_no_letter() -> None:
    made = outcome(WHY)
    repeat = Repeat("10", "Parking, <b>", Language.EN, ("10", "101"))
    same = replace(made, result=replace(made.result, repeats=(repeat,)))
    english, french = map(unescape, leads_of(same))
    assert "2 comments (67%) are the same: “Parking, <b>”." in english
    assert "2 commentaires (67\u00a0%) sont identiques" in french
    assert "No letter was found" in report_html(same, first="en")
    alone = replace(same, result=replace(same.result, themes=(), assignments=()))
    assert "are the same" in unescape(leads_of(alone)[0])
    assert "are the same" not in leads_of(made)[0]


def test_a_name_that_covers_little_is_marked_in_the_first_sentences() -> None:
    made = outcome(WHY)
    little = Caution(Warning.COVERS_LITTLE, Why("covers_little_in_english", {"says": 1, "of": 3}))
    theme = replace(made.result.themes[0], warnings=(little,))
    english, french = map(
        unescape, leads_of(replace(made, result=replace(made.result, themes=(theme,))))
    )
    assert "The name “Parking” covers little" in english
    assert "Le nom «\u00a0Stationnement\u00a0» couvre peu" in french
    assert "covers little" not in leads_of(made)[0]
    values = {"size": 9, "percent": 80, "says": 2, "of": 12}
    low = Confidence(Level.LOW, Why("theme_name_covers_little", values))
    theme = replace(made.result.themes[0], confidence=low)
    in_all = replace(made, result=replace(made.result, themes=(theme,)))
    assert "covers little" in leads_of(in_all)[0]


@pytest.mark.parametrize("asked", [0, 3])
def test_passages_are_said_to_have_been_sent_only_where_a_model_was_asked(asked: int) -> None:
    found = outcome(WHY)
    values = {"model": "m-8b", "asked": asked, "taken": 0}
    why = Why("names_by_model", values) if asked else Why("model_nothing_to_ask", {"model": "m-8b"})
    result = replace(found.result, config={"namer": "m-8b"}, naming=(why,))
    page = unescape(report_html(replace(found, result=result), first="en"))
    plain = unescape(report_html(found, first="en"))
    for language in ("en", "fr"):
        alone = translations(language).gettext(
            "Everything ran on one computer. Nothing was sent anywhere."
        )
        assert alone in plain
        assert (alone in page) == (asked == 0)
    # What came of it is said in each language, whatever came of it.
    assert page.count("m-8b") == (4 if asked else 2)
