"""The demo's content: enough of it, in both languages, repeatable, and nobody's real data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

import phonenumbers
import pytest
from stdnum.ca import sin

from cms.pages.models import ConsultationPage, HomePage, SurveyPage
from consult.demo import content
from consult.demo.content import DATA, LANGUAGES, RESPONSES, DemoResponse, Language
from tests.french import avoided

NBSP = "\u00a0"
QUESTIONNAIRES = ("open", "closed", "survey")
PAGES = ("home", "open", "closed", "survey", "findings")


def comment_files() -> list[Path]:
    return [
        file
        for file in sorted(DATA.rglob("*.txt"))
        if file.name not in {"README.txt", "towns.txt", "one_thing.txt"}
    ]


def hand_written() -> Iterator[tuple[str, content.Comment]]:
    for file in comment_files():
        path = file.relative_to(DATA).as_posix()
        for comment in content.comments_of(path):
            yield path, comment


def everything_people_say() -> list[str]:
    said = [comment.text for _, comment in hand_written()]
    for language in LANGUAGES:
        letters = content.toml(f"letters/{language}.toml")
        said += [*letters["own"], *(w for row in letters["sentences"] for w in row)]
    said += [
        answer
        for response in content.open_consultation_responses()
        for answer in response.answers.values()
        if isinstance(answer, str)
    ]
    return said


def our_french() -> Iterator[tuple[str, str]]:
    """Every French text that is ours, with where it stands; never a respondent's words."""

    def strings(value: Any, path: str, *, is_french: bool) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from strings(
                    inner,
                    f"{path}.{key}",
                    is_french=is_french or key == "fr" or key.endswith("_fr"),
                )
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                yield from strings(inner, f"{path}[{number}]", is_french=is_french)
        elif isinstance(value, str) and is_french:
            yield path, value

    for folder in ("pages", "questionnaires"):
        for file in sorted((DATA / folder).glob("*.toml")):
            name = file.relative_to(DATA).as_posix()
            yield from strings(content.toml(name), name, is_french=False)
    yield from strings(content.toml("departments.toml"), "departments.toml", is_french=False)


# --- How much there is ---------------------------------------------------------------------------


def test_the_closed_consultation_has_about_600_answers_three_fifths_of_them_english() -> None:
    responses = content.closed_consultation_responses()
    languages = Counter(response.language for response in responses)
    assert 580 <= len(responses) <= 660
    assert 0.58 <= languages["en"] / len(responses) <= 0.62


@pytest.mark.parametrize(("language", "wanted"), [("en", 220), ("fr", 180)])
def test_each_language_has_its_own_stock_of_full_comments(language: Language, wanted: int) -> None:
    names = [f"comments/{language}/{theme}.txt" for theme in (*content.THEMES, "several")]
    full = {comment.text for name in names for comment in content.comments_of(name)}
    assert len(full) >= wanted
    assert sum(len(text.split()) >= 8 for text in full) >= 0.9 * wanted


def test_no_comment_was_written_twice() -> None:
    counts = Counter(
        " ".join(re.findall(r"\w+", comment.text.casefold()))
        for path, comment in hand_written()
        # Anyone may say "no", and leave it at that.
        if not path.endswith("odd.txt")
    )
    assert [text for text, n in counts.items() if n > 1] == []


def test_comments_are_long_and_short_and_sometimes_missing() -> None:
    responses = content.closed_consultation_responses()
    lengths = [len(str(r.answers.get("comment", "")).split()) for r in responses]
    assert sum(120 <= n <= 250 for n in lengths) >= 20
    assert sum(3 <= n <= 15 for n in lengths) >= 100
    assert lengths.count(0) >= 10


@pytest.mark.parametrize(("language", "wanted"), [("en", 45), ("fr", 35)])
def test_each_letter_campaign_is_one_letter_that_people_made_their_own(
    language: Language, wanted: int
) -> None:
    model = {row[0] for row in content.toml(f"letters/{language}.toml")["sentences"]}
    drafts = content.letters(language, content._chance("test"))
    kept = [sum(sentence in draft.text for sentence in model) for draft in drafts]
    assert len(drafts) == wanted
    assert mean(kept) > len(model) / 2
    assert len({draft.text for draft in drafts}) > 0.8 * wanted


def test_the_open_consultation_has_answers_of_every_kind() -> None:
    responses = content.open_consultation_responses()
    answered = {code for response in responses for code in response.answers}
    assert 35 <= len(responses) <= 50
    assert answered == {q.code for q in content.questionnaire("open").questions}


def test_the_survey_shows_that_calling_people_back_helped_on_the_phone_alone() -> None:
    responses = content.survey_responses()
    assert 400 <= len(responses) <= 440
    assert sum("improve" in response.answers for response in responses) >= 150

    def satisfaction(channel: str, *, is_after: bool) -> float:
        return mean(
            int(response.answers["satisfaction"][0])
            for response in responses
            if response.channel == channel
            and (response.after.days >= content.CALL_BACK_DAY) == is_after
        )

    change = {
        channel: satisfaction(channel, is_after=True) - satisfaction(channel, is_after=False)
        for channel in ("online", "phone", "in_person")
    }
    assert change["phone"] > 0.8
    assert abs(change["online"]) < 0.35
    assert abs(change["in_person"]) < 0.35


# --- The same each time --------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_a_seed_gives_the_same_answers_and_tokens_each_time(name: str) -> None:
    assert RESPONSES[name](7) == RESPONSES[name](7)
    tokens = [response.token for response in RESPONSES[name](7)]
    assert len(set(tokens)) == len(tokens)
    assert set(tokens).isdisjoint(response.token for response in RESPONSES[name](8))


@pytest.mark.parametrize("seed", range(5))
def test_any_seed_puts_the_answers_together(seed: int) -> None:
    assert len(content.closed_consultation_responses(seed)) > 580


# --- Answers fit questions -----------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_every_answer_is_one_its_question_takes(name: str) -> None:
    asked = {question.code: question for question in content.questionnaire(name).questions}
    required = {code for code, question in asked.items() if question.is_required}
    for response in RESPONSES[name](content.SEED):
        assert required <= response.answers.keys(), response
        for code, answer in response.answers.items():
            offered = {choice.code for choice in asked[code].choices}
            if isinstance(answer, str):
                assert not offered
                assert answer.strip()
            else:
                assert answer
                assert offered >= set(answer), (code, answer)
                assert len(answer) == 1 or asked[code].kind == "multiple_choice"


@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_every_answer_came_while_the_engagement_was_open(name: str) -> None:
    dates = content.calendar(name, date(2026, 11, 22))
    last = dates.closes_at or dates.opens_at + timedelta(days=181, hours=20)
    for response in RESPONSES[name](content.SEED):
        assert dates.opens_at <= dates.opens_at + response.after < last


def test_people_who_complain_rate_low_and_people_who_praise_rate_high() -> None:
    stances = {
        comment.text: comment.stance
        for language in LANGUAGES
        for comment in content.themed_comments(language)
    }
    ratings: dict[str, list[int]] = {"-": [], "+": []}
    for response in content.closed_consultation_responses():
        stance = stances.get(str(response.answers.get("comment")))
        rating = response.answers["satisfaction"][0]
        if stance in ratings and rating != "na":
            ratings[stance].append(int(rating))
    assert mean(ratings["-"]) < 2.3
    assert mean(ratings["+"]) > 4.2


def test_francophones_say_more_often_that_they_were_not_served_in_their_language() -> None:
    def share(language: str) -> float:
        served = [
            response.answers["language_served"][0]
            for response in content.closed_consultation_responses()
            if response.language == language
        ]
        return served.count("no") / len(served)

    assert share("fr") > 4 * share("en")


# What no part of the program does yet: reading one's answers again, deleting by a schedule,
# answering on paper or by telephone.
PROMISES = re.compile(
    r"read your answers again|relire vos réponses|two years|deux ans|one year|un an\b"
    r"|then deleted|puis supprimées|other_ways|paper form|formulaire papier|paper card"
    r"|carte-réponse",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", ["home", "open", "closed", "survey", "findings"])
def test_pages_promise_nothing_that_the_program_does_not_keep(name: str) -> None:
    written = (DATA / "pages" / f"{name}.toml").read_text(encoding="utf-8")
    assert not PROMISES.search(written), PROMISES.search(written)


def test_slips_of_the_fingers_leave_most_texts_alone() -> None:
    original = {comment.text for _, comment in hand_written()}
    texts = [str(r.answers["comment"]) for r in RESPONSES["closed"](1) if "comment" in r.answers]
    short = [text for text in texts if "\n" not in text and len(text.split()) < 60]
    untouched = sum(text in original for text in short)
    assert 0.5 < untouched / len(short) < 0.95


# --- Both languages ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_each_language_of_a_questionnaire_is_complete(name: str) -> None:
    asked = content.questionnaire(name)
    for pair in [
        (asked.title_en, asked.title_fr),
        *((q.text_en, q.text_fr) for q in asked.questions),
        *((c.label_en, c.label_fr) for q in asked.questions for c in q.choices),
    ]:
        assert all(text.strip() for text in pair)
    for question in asked.questions:
        assert bool(question.hint_en) == bool(question.hint_fr)
        assert bool(question.page_title_en) == bool(question.page_title_fr)
    assert asked.questions[0].page_title_en


def test_the_open_questionnaire_has_every_kind_of_question_on_three_pages() -> None:
    asked = content.questionnaire("open")
    assert {question.kind for question in asked.questions} == {
        *("single_choice", "multiple_choice", "rating", "short_text", "long_text")
    }
    assert sum(bool(question.page_title_en) for question in asked.questions) == 3
    assert len(asked.questions) == 8


@pytest.mark.parametrize("name", PAGES)
def test_the_two_languages_of_a_page_say_as_much(name: str) -> None:
    data = content.toml(f"pages/{name}.toml")
    assert list(data["en"]) == list(data["fr"])
    for key, english in data["en"].items():
        french = data["fr"][key]
        assert type(english) is type(french), key
        assert bool(english) == bool(french), key
        if isinstance(english, list):
            assert len(english) == len(french), key
        if key == "slug":
            assert english != french
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", english + "-" + french)
    privacy = data.get("privacy", {"en": {}, "fr": {}})
    assert list(privacy["en"]) == list(privacy["fr"])


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("home", HomePage),
        ("open", ConsultationPage),
        ("closed", ConsultationPage),
        ("survey", SurveyPage),
    ],
)
def test_page_texts_fit_their_columns(name: str, page: Any) -> None:
    data = content.toml(f"pages/{name}.toml")
    for language in LANGUAGES:
        for key, text in data[language].items():
            longest = getattr(page._meta.get_field(key), "max_length", None)
            if longest:
                assert len(text) <= longest, (language, key)


@pytest.mark.parametrize("name", ["home", "open", "closed", "survey"])
def test_every_page_says_that_it_is_fiction(name: str) -> None:
    data = content.toml(f"pages/{name}.toml")
    assert "fiction" in data["en"]["notice"]
    assert "ficti" in data["fr"]["notice"]


@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_dates_are_filled_in_as_each_language_writes_them(name: str) -> None:
    data = content.toml(f"pages/{name}.toml")
    dates = content.calendar(name, date(2026, 11, 22))
    for step in data.get("next_step", ()):
        english = step["when_en"].format(**dates.written("en"))
        french = step["when_fr"].format(**dates.written("fr"))
        assert re.search(rf"[A-Z][a-z]+{NBSP}\d{{1,2}}, 20\d\d", english)
        assert re.search(rf"(\d\d?|1er){NBSP}[a-zéû]+{NBSP}20\d\d", french)


def test_the_open_consultation_closes_in_nine_days_and_the_closed_one_five_weeks_ago() -> None:
    today = date(2026, 11, 22)
    assert content.calendar("open", today).days["closes"] == today + timedelta(days=9)
    assert content.calendar("closed", today).days["closes"] == today - timedelta(days=35)
    assert content.calendar("survey", today).closes_at is None


# --- Typography: ours, not theirs ----------------------------------------------------------------

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"


@pytest.mark.parametrize(
    ("mistake", "pattern"),
    [
        ("an ordinary or no space before a colon", rf"(?<![{NBSP}\d/]):(?!//)"),
        ("a space before ; ! or ?", r"\s[;!?]"),
        ("a guillemet without its no-break space", rf"«(?!{NBSP})|(?<!{NBSP})»"),
        ("a percent sign or dollar without its no-break space", rf"\d(?!{NBSP})\s?[%$]"),
        ("an hour without its no-break spaces", rf"\d h\b|\dh\d|\d{NBSP}h (?=\d)"),
        ("a day that can part from its month", rf"\d ({MONTHS})"),
        ("a typographic apostrophe", "’"),
        ("a point for decimals", r"\d\.\d"),
        ("two spaces", "  "),
    ],
)
def test_our_french_follows_the_rules_of_canadian_french(mistake: str, pattern: str) -> None:
    found = {where: text for where, text in our_french() if re.search(pattern, text)}
    assert found == {}, mistake


def test_our_french_uses_the_terms_of_the_glossary() -> None:
    assert not [(where, terms) for where, text in our_french() if (terms := avoided(text))]


def test_what_authors_wrote_is_set_as_in_print_and_what_people_wrote_is_not() -> None:
    page = content.ours("pages/closed.toml")["fr"]
    assert "L’horaire" in page["why"][0]
    assert not any("'" in text for text in (page["lead"], page["who_decides"], *page["why"]))
    said = everything_people_say()
    assert sum("'" in text for text in said) > 100


def test_what_respondents_wrote_is_left_as_people_type() -> None:
    french = [text for path, c in hand_written() if "/fr/" in path for text in [c.text]]
    assert not any(NBSP in text for text in french)
    assert any(re.search(r"\bca\b|svp|marche pas", text) for text in french)


# --- Nobody's real data --------------------------------------------------------------------------


def test_telephone_numbers_are_those_kept_for_fiction() -> None:
    ours = [path.read_text(encoding="utf-8") for path in DATA.rglob("*.*")]
    found = [
        match.raw_string
        for text in [*ours, *everything_people_say()]
        for match in phonenumbers.PhoneNumberMatcher(
            text, "CA", leniency=phonenumbers.Leniency.POSSIBLE
        )
        if len(str(match.number.national_number)) == 10
    ]
    assert len(found) >= 6
    assert [number for number in found if not re.search(r"555\W?01\d\d$", number)] == []


def test_social_insurance_numbers_look_valid_and_were_never_issued() -> None:
    texts = [c.text for path, c in hand_written() if path.endswith("personal.txt")]
    found = [n for text in texts for n in re.findall(r"\b\d{3} ?\d{3} ?\d{3}\b", text)]
    assert len(found) >= 4
    for number in found:
        digits = number.replace(" ", "")
        assert digits.startswith("0")
        # Luhn's check digit is right: the masking step has something to find.
        assert sin.luhn.is_valid(digits)


def test_addresses_end_where_nobody_lives() -> None:
    texts = [path.read_text(encoding="utf-8") for path in DATA.rglob("*.*")]
    domains = {domain for text in texts for domain in re.findall(r"[\w.-]+@([\w.-]+\w)", text)}
    assert domains == {"example.ca"}


def test_there_is_something_to_mask_and_something_to_set_aside() -> None:
    said: list[DemoResponse] = content.closed_consultation_responses()
    texts = [str(response.answers.get("comment", "")) for response in said]
    assert sum("@example.ca" in text for text in texts) >= 5
    assert sum(text in {"n/a", "none", "s/o", "rien", "."} for text in texts) >= 4
    assert any("español" in text for text in texts)
    assert any("👍" in text for text in texts)


# What the report says people told: a word of it, and what a comment must say for it.
TOLD = {
    "too few seats": r"\bchairs?\b|\bseats?\b",
    "les chaises manquent": r"\bchaises?\b",
    "a call that drops after 40 minutes": r"coupé après 40 minutes",
    "un appel interrompu au bout de 40 minutes": r"coupé après 40 minutes",
    "a form that asks for what the department already knows": r"already (?:have|has|know)",
    "un formulaire qui redemande ce que le ministère sait déjà": r"(?:avez|ont|a) déjà",
    "an evening or a Saturday": r"\bevening|\bSaturday",
    "le soir ou le samedi": r"\bsoir\b|\bsamedi",
}


def test_what_the_report_tells_of_was_written_by_someone() -> None:
    report = content.ours("pages/findings.toml")
    words = " ".join([*report["en"]["summary"], *report["fr"]["summary"]])
    said = [comment.text for _, comment in hand_written()]
    for told, comment in TOLD.items():
        assert told in words
        assert any(re.search(comment, text, re.IGNORECASE) for text in said), told
