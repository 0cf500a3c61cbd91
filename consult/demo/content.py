"""The demo's content: read from `data/`, and put together the same way each time.

Everything people say in the demo was written by hand; here it is only combined: who said what, on
which channel, on which day, with which ratings. A seed decides, so that the same seed gives the
same answers and the same tokens on every machine. Nothing here touches the database.
"""

from __future__ import annotations

import random
import re
import tomllib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from django.utils import timezone, translation

from analysis.typography import typographic_words
from consult.demo.typing_errors import mistyped
from feedback.asking.kinds import KINDS
from feedback.dates import long_date

DATA: Final = Path(__file__).parent / "data"
# One whose comments the machine groups alike whatever their order: not at the edge of refusal.
SEED: Final = 23
Language = Literal["en", "fr"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "fr")
Stance = Literal["-", "+", "~"]
_STANCES: Final[dict[str, Stance]] = {"-": "-", "+": "+", "~": "~"}
_T = TypeVar("_T")

# What an answer holds: codes of choices, or the words themselves.
DemoAnswer = tuple[str, ...] | str


@dataclass(frozen=True, slots=True)
class DemoChoice:
    """One choice, or one point of a rating (``value`` 1 to 5)."""

    code: str
    label_en: str
    label_fr: str
    value: int | None = None
    is_not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """One question in both languages. A page title means that it starts a page of the form."""

    code: str
    kind: str
    is_required: bool
    max_length: int
    text_en: str
    text_fr: str
    hint_en: str
    hint_fr: str
    page_title_en: str
    page_title_fr: str
    choices: tuple[DemoChoice, ...]


@dataclass(frozen=True, slots=True)
class DemoQuestionnaire:
    """What one engagement asks."""

    title_en: str
    title_fr: str
    minutes: int
    questions: tuple[DemoQuestion, ...]

    def question(self, code: str) -> DemoQuestion:
        """The question with this code."""
        return next(question for question in self.questions if question.code == code)


@dataclass(frozen=True, slots=True)
class DemoResponse:
    """What one fictional person sent. ``after`` counts from the opening of the engagement."""

    token: uuid.UUID
    language: Language
    channel: str
    after: timedelta
    answers: dict[str, DemoAnswer]


@dataclass(frozen=True, slots=True)
class Comment:
    """One text written by hand. ``theme`` is what its author had in mind, nothing more."""

    theme: str
    stance: Stance
    text: str


# --- Reading what people wrote -------------------------------------------------------------------


def toml(name: str) -> dict[str, Any]:
    """One data file, for example ``pages/open.toml``."""
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


def ours(name: str) -> dict[str, Any]:
    """A data file of what the department's authors wrote, with the apostrophe of print.

    What people answered is read by ``toml`` and stays as they wrote it.
    """
    return typographic_words(toml(name))


def comments_of(path: str) -> tuple[Comment, ...]:
    """The comments of one file: a sign, a space, the text, one line each (data/comments/README)."""
    file = DATA / path
    found: list[Comment] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        sign, _, text = line.partition(" ")
        stance = _STANCES.get(sign)
        if stance is None or not text.strip():
            raise ValueError(f"{path}, line {number}: not a sign, a space and a text")
        found.append(Comment(file.stem, stance, text.strip()))
    return tuple(found)


def pairs_of(path: str) -> tuple[tuple[str, str], ...]:
    """The lines ``left | right`` of one file."""
    lines = (DATA / path).read_text(encoding="utf-8").splitlines()
    rows = [line.partition("|") for line in lines if line.strip() and not line.startswith("#")]
    return tuple((left.strip(), right.strip()) for left, _, right in rows)


THEMES: Final = (
    *("accessibility", "account", "courtesy", "forms", "french", "hours"),
    *("letters", "parking", "phone", "rural", "seniors", "waiting"),
)


@cache
def themed_comments(language: Language) -> tuple[Comment, ...]:
    """The comments on one subject, of every subject."""
    return tuple(
        comment for theme in THEMES for comment in comments_of(f"comments/{language}/{theme}.txt")
    )


def questionnaire(name: str) -> DemoQuestionnaire:
    """One of the three questionnaires: ``open``, ``closed`` or ``survey``."""
    data = ours(f"questionnaires/{name}.toml")
    return DemoQuestionnaire(
        title_en=data["title_en"],
        title_fr=data["title_fr"],
        minutes=data["minutes"],
        questions=tuple(
            DemoQuestion(
                code=row["code"],
                kind=row["kind"],
                is_required=row["required"],
                max_length=row.get("max_length", 5000),
                text_en=row["text_en"],
                text_fr=row["text_fr"],
                hint_en=row.get("hint_en", ""),
                hint_fr=row.get("hint_fr", ""),
                page_title_en=page["title_en"] if position == 0 else "",
                page_title_fr=page["title_fr"] if position == 0 else "",
                choices=tuple(_choices(row)),
            )
            for page in data["page"]
            for position, row in enumerate(page["question"])
        ),
    )


def _choices(row: Mapping[str, Any]) -> Iterator[DemoChoice]:
    for choice in row.get("choices", ()):
        yield DemoChoice(
            choice["code"],
            choice["text_en"],
            choice["text_fr"],
            is_not_applicable=choice.get("not_applicable", False),
        )
    if "points_en" in row:
        points = zip(row["points_en"], row["points_fr"], strict=True)
        for value, (label_en, label_fr) in enumerate(points, start=1):
            yield DemoChoice(str(value), label_en, label_fr, value=value)
        if row["not_applicable"]:
            yield DemoChoice("na", "Not applicable", "Sans objet", is_not_applicable=True)


# --- When ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calendar:
    """The dates of one engagement; days in the department's time zone."""

    opens_at: datetime
    closes_at: datetime | None
    days: Mapping[str, date]

    def written(self, language: Language) -> dict[str, str]:
        """Each date as a reader of ``language`` expects it, by name."""
        with translation.override(language):
            return {name: long_date(day) for name, day in self.days.items()}


# How many days before the demo is made each engagement opened.
_OPENED_AGO: Final = {"open": 50, "closed": 64, "survey": 182}
# Days from the opening to every other date.
_DAYS: Final[dict[str, dict[str, int]]] = {
    "open": {"closes": 59, "reading_ends": 90, "report_by": 148, "changes_from": 200},
    "closed": {"closes": 29, "reading_ends": 59, "report_by": 64, "changes_from": 139},
    "survey": {},
}


def calendar(name: str, today: date) -> Calendar:
    """The dates of ``open``, ``closed`` or ``survey`` when the demo is made on ``today``."""
    return calendar_from(name, today - timedelta(days=_OPENED_AGO[name]))


def calendar_from(name: str, opened: date) -> Calendar:
    """The dates of an engagement that opened on ``opened``."""
    days = {"opens": opened}
    days |= {key: opened + timedelta(days=offset) for key, offset in _DAYS[name].items()}
    closes = days.get("closes")
    return Calendar(
        opens_at=timezone.make_aware(datetime.combine(opened, time(8, 0))),
        closes_at=(timezone.make_aware(datetime.combine(closes, time(23, 59))) if closes else None),
        days=days,
    )


# --- Putting answers together --------------------------------------------------------------------


def _chance(name: str) -> random.Random:
    return random.Random(name)  # noqa: S311 (repeatable on purpose; nothing secret)


def closed_consultation_responses(seed: int = SEED) -> list[DemoResponse]:
    """About 600 answers on the hours of service counters, in the order they came in."""
    rng = _chance(f"closed {seed}")
    drafts = [draft for language in LANGUAGES for draft in _drafts(language, rng)]
    _swap_pages(drafts, rng)
    length = timedelta(days=29, hours=15, minutes=30)
    responses = [
        DemoResponse(
            token=_token("closed", seed, number),
            language=draft.language,
            channel=_closed_channel(draft, rng),
            after=_moment(rng, length, is_letter=draft.is_letter),
            answers=_closed_answers(draft, rng),
        )
        for number, draft in enumerate(drafts)
    ]
    return sorted(responses, key=lambda response: (response.after, response.token))


def open_consultation_responses(seed: int = SEED) -> list[DemoResponse]:
    """The answers so far in the open consultation, one table each in the data file."""
    rows = toml("open_responses.toml")["response"]
    kinds = {question.code: KINDS[question.kind] for question in questionnaire("open").questions}
    return [
        DemoResponse(
            token=_token("open", seed, number),
            language=row["language"],
            channel=row["channel"],
            after=timedelta(days=row["days"]),
            answers={
                code: answer if kinds[code].is_text else _codes(answer)
                for code, answer in row["answers"].items()
            },
        )
        for number, row in enumerate(rows)
    ]


def _codes(answer: str | int | Sequence[str]) -> tuple[str, ...]:
    return (str(answer),) if isinstance(answer, str | int) else tuple(answer)


def _token(name: str, seed: int, number: int) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://demo.example.ca/{name}/{seed}/{number}")


def _moment(rng: random.Random, length: timedelta, *, is_letter: bool = False) -> timedelta:
    """People answer in the first days and in the last ones; a campaign's letters come together."""
    if is_letter:
        share = rng.betavariate(9, 6)
    elif rng.random() < 0.55:
        share = rng.betavariate(1.1, 4)
    else:
        share = rng.betavariate(3, 1.3)
    whole = timedelta(days=int(share * (length.days - 1)))
    # The clock starts at 8 in the morning: most write in the day, some late in the evening.
    return whole + timedelta(minutes=int(rng.triangular(0, 15.5 * 60, 4 * 60)))


@dataclass(slots=True)
class _Draft:
    """A person's comment and what it is about, before the other answers are chosen."""

    language: Language
    themes: tuple[str, ...]
    stance: Stance
    text: str
    is_letter: bool = False


# How many comments are joined in twos and threes, and how many people wrote none at all.
_JOINED: Final = {"en": (32, 18, 16), "fr": (40, 26, 4)}
_LETTERS: Final = {"en": 45, "fr": 35}
# What may stand before the next subject of one person's comment, when anything does.
_AND: Final = {
    "en": ("Another thing.", "One more thing.", "That's not all.", "My other complaint:"),
    "fr": ("Autre chose.", "Un dernier point.", "Ce n'est pas tout.", "Autre problème :"),
}
_PRAISE: Final = {
    "en": ("On the plus side:", "The good:"),
    "fr": ("Un bon point :", "Le positif :"),
}
_BLAME: Final = {"en": ("Less good:", "The bad:"), "fr": ("Le moins bon :", "Un bémol :")}
# Signs that a comment says who is speaking. These are left whole, or an old lady would turn into a
# young father half-way.
_WHO: Final = {
    "en": re.compile(
        r"\bI'm\b|\bI am\b|\bas I'm|\bmy (wife|husband|kids|son|daughter|dad|father|mother|mom|late"
        r"|grand\w+|two|parents|employer|boss|band|shop|bakery)|pregnant|newborn|wheelchair|walker"
        r"|Single dad|Fishing season|Students|\bI (farm|run|work|drive|have MS|don't drive|live)\b"
        r"|person here|\bour band|\bmom\b|my aunt|\bfile for an|association",
        re.I,
    ),
    "fr": re.compile(
        r"\bje suis\b|\bm(a|on) (belle-mère|mère|père|mari|femme|chum|fils|fille|conjoint|tante"
        r"|gars|frère|grand\S*|petite|boss|patron|prénom|voisin\w*)|\bmes (enfants|parents|deux)"
        r"|J'ai \d+ ans"
        r"|\b\d\d ans\b|maman|papa|fauteuil|sourde|enfants|usine|petite entreprise"
        r"|Pour une étudiante|\bau comptoir mobile"
        r"|été servi|rappelée|retournée|tutoyée|accueilli|sûre\b|arrivée?\b|sortie?\b|entrée\b"
        r"|fâchée|acceptée|prête\b|adossé|assise|niaiseuse|notre club|lecteur d'écran|déambulateur"
        r"|allaitant|repartis?\b|capable seule",
        re.I,
    ),
}


def _drafts(language: Language, rng: random.Random) -> list[_Draft]:
    singles = list(themed_comments(language))
    rng.shuffle(singles)
    pairs, triples, silent = _JOINED[language]
    whole = [comment for comment in singles if _WHO[language].search(comment.text)]
    parts = [comment for comment in singles if comment not in whole]
    drafts = [
        _join(_take_apart(parts, size), language, rng) for size in [2] * pairs + [3] * triples
    ]
    drafts += [
        _Draft(language, (comment.theme,), comment.stance, comment.text)
        for comment in (*parts, *whole)
    ]
    for draft in drafts:
        draft.text = mistyped(draft.text, language, rng)
    for name in ("several", "short", "personal", "mixed", "odd"):
        drafts += [
            _Draft(language, (name,), comment.stance, comment.text)
            for comment in comments_of(f"comments/{language}/{name}.txt")
        ]
    drafts += letters(language, rng)
    drafts += [
        _Draft(language, ("silent",), rng.choice(("~", "+", "-")), "") for _ in range(silent)
    ]
    return drafts


def _take_apart(comments: list[Comment], size: int) -> list[Comment]:
    """Take ``size`` comments off the list, on different subjects as long as there are any."""
    taken = [comments.pop()]
    while len(taken) < size:
        known = {comment.theme for comment in taken}
        fresh = (index for index, each in enumerate(comments) if each.theme not in known)
        taken.append(comments.pop(next(fresh, -1)))
    return taken


def _join(comments: list[Comment], language: Language, rng: random.Random) -> _Draft:
    """One comment out of several, the way people write them: a list, or paragraph by paragraph."""
    stances = [comment.stance for comment in comments]
    stance: Stance = "-" if "-" in stances else stances[0]
    themes = tuple(comment.theme for comment in comments)
    layout = rng.random()
    if layout < 0.2:
        text = "\n".join(f"{n}. {comment.text}" for n, comment in enumerate(comments, start=1))
        return _Draft(language, themes, stance, text)
    if layout < 0.35:
        return _Draft(language, themes, stance, "\n".join(f"- {each.text}" for each in comments))
    gap = "\n\n" if layout < 0.75 else " "
    text = comments[0].text
    for before, after in pairwise(comments):
        words = ""
        if (before.stance, after.stance) == ("-", "+"):
            words = rng.choice(_PRAISE[language]) + " "
        elif (before.stance, after.stance) == ("+", "-"):
            words = rng.choice(_BLAME[language]) + " "
        elif after.stance == "-" and rng.random() < 0.5:
            words = rng.choice(_AND[language]) + " "
        text = f"{text}{gap}{words}{after.text}"
    return _Draft(language, themes, stance, text)


def letters(language: Language, rng: random.Random) -> list[_Draft]:
    """The letters of one campaign: one model, and what each person made of it."""
    data = toml(f"letters/{language}.toml")
    own = list(data["own"])
    rng.shuffle(own)
    drafts = []
    for number in range(_LETTERS[language]):
        # A fifth send the model as it is; the others change words and leave sentences out.
        is_faithful = rng.random() < 0.2
        sentences = [
            wordings[0] if is_faithful or rng.random() < 0.7 else rng.choice(wordings)
            for wordings in data["sentences"]
        ]
        if not is_faithful and rng.random() < 0.45:
            for _ in range(rng.choice((1, 1, 2))):
                sentences.pop(rng.randrange(1, len(sentences)))
        if number < len(own):
            sentences.insert(rng.choice((0, 2, len(sentences), len(sentences))), own[number])
        middle = len(sentences) // 2 + 1
        parts = [
            rng.choice(data["greetings"]),
            " ".join(sentences[:middle]),
            " ".join(sentences[middle:]),
            rng.choice(data["closings"]),
        ]
        text = "\n\n".join(part for part in parts if part)
        drafts.append(
            _Draft(
                language,
                (data["about"],),
                data["stance"],
                text if is_faithful else mistyped(text, language, rng, share=0.15, is_letter=True),
                is_letter=True,
            )
        )
    return drafts


def _swap_pages(drafts: list[_Draft], rng: random.Random) -> None:
    """Four people of each language wrote in theirs on the other language's page."""
    single = [d for d in drafts if len(d.themes) == 1 and d.themes[0] in THEMES and not d.is_letter]
    for language, other in (("en", "fr"), ("fr", "en")):
        for draft in rng.sample([d for d in single if d.language == language], 4):
            single.remove(draft)
            draft.language = other  # type: ignore[assignment]


def _weighted(rng: random.Random, weights: Mapping[_T, float]) -> _T:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def _closed_channel(draft: _Draft, rng: random.Random) -> str:
    weights = {"online": 70.0, "phone": 11, "in_person": 11, "mail": 8}
    if draft.is_letter:
        weights = {"online": 55, "mail": 45}
    elif "seniors" in draft.themes or "rural" in draft.themes:
        weights = {"online": 45, "phone": 24, "in_person": 16, "mail": 15}
    elif "odd" in draft.themes or "account" in draft.themes:
        weights = {"online": 97, "in_person": 3}
    elif "phone" in draft.themes:
        weights = {"online": 72, "phone": 16, "in_person": 6, "mail": 6}
    return _weighted(rng, weights)


# A person's rating follows from what the person says.
_RATINGS: Final[dict[Stance, dict[str, float]]] = {
    "-": {"1": 41, "2": 37, "3": 16, "4": 5, "5": 1},
    "~": {"1": 3, "2": 18, "3": 40, "4": 30, "5": 9},
    "+": {"3": 5, "4": 35, "5": 60},
}
_NOTHING_SAID: Final = {"1": 7.0, "2": 12, "3": 27, "4": 36, "5": 18}
# What in a comment shows when a person would like to come.
_HOURS_WORDS: Final = {
    "early": re.compile(
        r"open(ed)? (earlier|at 7|at 8)|7:30|ouvr\w+ plus tôt|commencent à 7", re.I
    ),
    "noon": re.compile(r"\blunch|\bnoon\b|\bmidi\b|heure (de|du) dîner", re.I),
    "evening": re.compile(
        r"evening|late night|until eight|after six|\bsoir|open later|jeudi jusqu", re.I
    ),
    "saturday": re.compile(r"saturday|\bsamedi", re.I),
    "day": re.compile(r"hours suit me|stagger|me conviennent|horaire actuel fait", re.I),
}


def _closed_answers(draft: _Draft, rng: random.Random) -> dict[str, DemoAnswer]:
    answers: dict[str, DemoAnswer] = {}
    town = _town(draft, rng)
    if town:
        answers["counter"] = town
    hours = _best_hours(draft, rng)
    if hours:
        answers["best_hours"] = hours
    answers["language_served"] = (_served(draft, rng),)
    answers["satisfaction"] = (_satisfaction(draft, rng),)
    if draft.text:
        answers["comment"] = draft.text
    one_thing = _one_thing(draft, rng)
    if one_thing:
        answers["one_thing"] = one_thing
    return answers


def _town(draft: _Draft, rng: random.Random) -> str:
    rows = {name: float(share) for name, share in pairs_of("towns.txt")}
    for name in rows:
        if name in draft.text and name != "Bellerive":
            return name
    if draft.is_letter and draft.language == "en":
        return "Kettle Harbour"
    if rng.random() > 0.72:
        return ""
    size = {"Bellerive": 5.0, "Port-Aubin": 3, "Ferris Mills": 2}
    return _weighted(
        rng,
        {
            name: size.get(name, 1) * (share if draft.language == "en" else 100 - share)
            for name, share in rows.items()
        },
    )


def _best_hours(draft: _Draft, rng: random.Random) -> tuple[str, ...]:
    # A letter's words are its model's; when its sender would like to come is not in them.
    text = "" if draft.is_letter else draft.text
    chosen = {code for code, words in _HOURS_WORDS.items() if words.search(text)}
    if not chosen:
        if rng.random() < 0.12:
            return ()
        chosen = {
            _weighted(rng, {"evening": 31, "saturday": 24, "day": 23, "early": 12, "noon": 10})
        }
    if rng.random() < 0.3 and chosen != {"day"}:
        chosen.add(_weighted(rng, {"evening": 4, "saturday": 4, "noon": 2, "early": 1}))
    return tuple(code for code in ("early", "day", "noon", "evening", "saturday") if code in chosen)


def _served(draft: _Draft, rng: random.Random) -> str:
    if "french" in draft.themes and draft.stance == "-":
        weights = {"no": 48.0, "partly": 44, "yes": 4, "not_sure": 4}
    elif draft.stance == "+":
        weights = {"yes": 97, "not_sure": 3}
    elif draft.language == "fr":
        weights = {"yes": 58, "partly": 24, "no": 11, "not_sure": 7}
    else:
        weights = {"yes": 93, "partly": 3, "no": 1, "not_sure": 3}
    return _weighted(rng, weights)


def _satisfaction(draft: _Draft, rng: random.Random) -> str:
    if rng.random() < 0.02:
        return "na"
    if draft.themes[0] in ("silent", "odd") and draft.stance == "~":
        return _weighted(rng, _NOTHING_SAID)
    return _weighted(rng, _RATINGS[draft.stance])


def _one_thing(draft: _Draft, rng: random.Random) -> str:
    rows = pairs_of(f"comments/{draft.language}/one_thing.txt")
    about = [text for theme, text in rows if theme in draft.themes]
    if draft.themes[0] == "odd" or rng.random() > (0.42 if about else 0.25):
        return ""
    return rng.choice(about or [text for _, text in rows])


# --- The service survey --------------------------------------------------------------------------

# Day, from the opening, when the phone line began to call people back.
CALL_BACK_DAY: Final = 91
_SURVEY: Final = {
    # (language, channel): how many answers
    ("en", "online"): 138,
    ("en", "phone"): 66,
    ("en", "in_person"): 54,
    ("fr", "online"): 82,
    ("fr", "phone"): 44,
    ("fr", "in_person"): 36,
}
_SURVEY_RATINGS: Final[dict[Stance, dict[str, float]]] = {
    "-": {"1": 30, "2": 38, "3": 26, "4": 6},
    "~": {"2": 6, "3": 24, "4": 48, "5": 22},
    "+": {"4": 33, "5": 67},
}
_SURVEY_SILENT: Final[dict[str, dict[str, float]]] = {
    "online": {"1": 3.0, "2": 7, "3": 17, "4": 43, "5": 30},
    "phone_before": {"1": 22, "2": 29, "3": 26, "4": 17, "5": 6},
    "phone_after": {"1": 3, "2": 7, "3": 16, "4": 41, "5": 33},
    "in_person": {"1": 2, "2": 6, "3": 16, "4": 41, "5": 35},
}


def survey_responses(seed: int = SEED) -> list[DemoResponse]:
    """About 420 ratings of the permit renewal over six months, in the order they came in."""
    rng = _chance(f"survey {seed}")
    responses: list[DemoResponse] = []
    for (language, channel), count in _SURVEY.items():
        periods: tuple[tuple[str, int, int, int], ...] = ((channel, 0, 181, count),)
        if channel == "phone":
            half = count // 2
            periods = (
                ("phone_before", 0, CALL_BACK_DAY, half),
                ("phone_after", CALL_BACK_DAY, 181, count - half),
            )
        for name, first, last, size in periods:
            comments: list[Comment | None] = list(comments_of(f"survey/{language}/{name}.txt"))
            comments += [None] * (size - len(comments))
            middle = (first + last) // 2
            for number, comment in enumerate(comments):
                # By turns in the earlier and the later half: what changes is the phone alone.
                days = rng.randrange(*((first, middle) if number % 2 else (middle, last)))
                after = timedelta(days=days, minutes=rng.randrange(15, 13 * 60))
                responses.append(
                    DemoResponse(
                        token=_token("survey", seed, len(responses)),
                        language=language,  # type: ignore[arg-type]
                        channel=channel,
                        after=after,
                        answers=_survey_answers(channel, name, comment, rng),
                    )
                )
    return sorted(responses, key=lambda response: (response.after, response.token))


def _survey_answers(
    channel: str, period: str, comment: Comment | None, rng: random.Random
) -> dict[str, DemoAnswer]:
    weights = _SURVEY_RATINGS[comment.stance] if comment else _SURVEY_SILENT[period]
    satisfaction = int(_weighted(rng, weights))
    ease = min(5, max(1, satisfaction + _weighted(rng, {0: 6, -1: 2, 1: 2})))
    done: dict[str, float] = {"yes": 95, "partly": 3, "no": 1, "na": 1}
    if satisfaction == 3:
        done = {"yes": 68, "partly": 22, "no": 7, "na": 3}
    elif satisfaction < 3:
        done = {"yes": 36, "partly": 22, "no": 39, "na": 3}
    answers: dict[str, DemoAnswer] = {
        "channel_used": (channel,),
        "satisfaction": (str(satisfaction),),
        "ease": ("na",) if rng.random() < 0.015 else (str(ease),),
        "completion": (_weighted(rng, done),),
    }
    if comment:
        answers["improve"] = comment.text
    return answers


RESPONSES: Final[dict[str, Callable[[int], list[DemoResponse]]]] = {
    "open": open_consultation_responses,
    "closed": closed_consultation_responses,
    "survey": survey_responses,
}
