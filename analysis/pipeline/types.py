"""What goes into the pipeline and what comes out of it.

Every value is frozen and knows nothing of Django: the site stores these, the spreadsheet tool
writes them to files, and a notebook can print them.

Offsets (``start``, ``end``) count characters of the text *as it was given*, so that a quote can
always be found again in the answer it came from. ``text`` of a passage or a quote is the same
stretch with personal information masked, and is what may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from analysis.reasons import Why


class Language(StrEnum):
    """The language of one text. OTHER is a language we do not theme; UNDETERMINED is honest."""

    EN = "en"
    FR = "fr"
    OTHER = "other"
    UNDETERMINED = "und"


OFFICIAL_LANGUAGES = (Language.EN, Language.FR)


class Reason(StrEnum):
    """Why a text is in no theme. Every document is in a theme or carries one of these."""

    NO_ANSWER = "no_substantive_answer"
    # "Nothing to add", "don't know": an answer that was given, and counted as one.
    DECLINED = "declined_to_answer"
    # A proposal: somebody seems to have tried the form out. People decide.
    TEST = "looks_like_a_test"
    UNREADABLE = "could_not_be_read"
    OTHER_LANGUAGE = "other_language"
    FITS_NO_THEME = "fits_no_theme"
    # A few words that are near to no theme.
    TOO_SHORT = "too_short_to_tell"
    NOT_ENOUGH = "not_enough_to_group"
    NOT_GROUPED = "read_not_grouped"
    # A fault of ours, not of the text: the answer is whole, the machine stumbled on it.
    NOT_PROCESSED = "could_not_be_processed"
    # More than one answer can be (``reading.texts``): a document pasted into a cell.
    TOO_LONG = "too_long"


class Level(StrEnum):
    """How far a result can be relied on, in one word."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    NONE = "not_enough_to_group"
    NOT_ASKED = "read_not_grouped"


class Warning(StrEnum):  # noqa: A001 - the field's word for it; never used as the builtin here
    """What a reviewer should look at before accepting a theme."""

    OVERLAPS = "overlaps"
    TINY = "tiny"
    VAGUE = "vague"
    ONE_LANGUAGE = "one_language"
    CATCH_ALL = "catch_all"
    UNNAMED = "unnamed"
    COVERS_LITTLE = "covers_little"


@dataclass(frozen=True, slots=True)
class Caution:
    """One warning about a theme and its reason.

    ``themes`` are the codes of the other themes it is about (those it overlaps).
    """

    kind: Warning
    why: Why
    themes: tuple[str, ...] = ()

    @property
    def reason_en(self) -> str:
        """The reason in English words."""
        return self.why.said_in("en")

    @property
    def reason_fr(self) -> str:
        """The reason in French words."""
        return self.why.said_in("fr")

    def to_values(self) -> dict[str, Any]:
        """Plain values, no words."""
        return {"kind": self.kind.value, "why": asdict(self.why), "themes": list(self.themes)}


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one text by itself found: codes and places, no words.

    ``reason`` says why it is not analysed; ``hidden`` is its personal information (start, end,
    kind), ``passages`` its ideas (start, end, language) while it is nobody's letter.
    """

    language: Language
    reason: Reason | None
    hidden: tuple[tuple[int, int, str], ...]
    passages: tuple[tuple[int, int, Language], ...]

    def to_list(self) -> list[Any]:
        """The reading as JSON keeps it."""
        return [self.language, self.reason, self.hidden, self.passages]

    @classmethod
    def from_list(cls, values: Sequence[Any]) -> Reading:
        """What ``to_list`` gave, after JSON made lists of tuples."""
        language, reason, hidden, passages = values
        return cls(
            Language(language),
            None if reason is None else Reason(reason),
            tuple((start, end, kind) for start, end, kind in hidden),
            tuple((start, end, Language(code)) for start, end, code in passages),
        )


@dataclass(frozen=True, slots=True)
class Document:
    """One answer as it was given. ``language`` is only a prior: the language of the page.

    ``reading`` is what ``reading.documents_read`` found in it, in any process; without one, the run
    reads it.
    """

    id: str
    text: str
    language: Language | None = None
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Confidence:
    """A level and its reason. ``stability`` is in [0, 1] or None.

    A reason is our own words around numbers, never anybody else's.
    """

    level: Level
    why: Why
    stability: float | None = None

    @property
    def reason_en(self) -> str:
        """The reason in English words."""
        return self.why.said_in("en")

    @property
    def reason_fr(self) -> str:
        """The reason in French words."""
        return self.why.said_in("fr")

    def to_values(self) -> dict[str, Any]:
        """Plain values, no words."""
        return {"level": self.level.value, "why": asdict(self.why), "stability": self.stability}

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Confidence:
        """What ``to_values`` gave."""
        return cls(Level(values["level"]), Why(**values["why"]), values["stability"])


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim passage (personal information masked) shown as evidence of a theme.

    ``border`` marks the ones kept to show where the theme ends, ``at_random`` those that were drawn
    by lot from the theme. The others were chosen: near its middle, and saying what its name says.
    """

    document_id: str
    start: int
    end: int
    text: str
    language: Language
    border: bool = False
    at_random: bool = False


@dataclass(frozen=True, slots=True)
class GroupPassage:
    """One passage of a group, as the describing step sees it: masked text only.

    ``start`` and ``end`` count characters of the document as it was given. ``centrality`` is in
    [0, 1], 1 for the passage nearest the middle of its group; ``border`` is in [0, 1], 1 for a
    passage that could as well belong to the next group. ``weight`` is the number of documents the
    passage stands for (the size of its letter campaign, 1 otherwise).
    """

    document_id: str
    start: int
    end: int
    text: str
    language: Language
    centrality: float
    border: float
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Passages the graph put together, before they have a name. ``parent`` is a code or None.

    A parent holds all passages of its children; passages are in order of document id and start.
    """

    code: str
    parent: str | None
    passages: tuple[GroupPassage, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """How many of a theme's answers in a language say what its name in that language says.

    ``of`` answers were held against the name, all there are or a sample drawn by lot; ``says`` say
    it, by the measure of ``naming.coverage``.
    """

    language: Language
    says: int
    of: int

    @property
    def why(self) -> Why:
        """The count in words."""
        code = "covers_in_english" if self.language is Language.EN else "covers_in_french"
        return Why(code, {"says": self.says, "of": self.of})

    def to_values(self) -> dict[str, Any]:
        """Plain values, no words."""
        return {"language": self.language.value, "why": asdict(self.why)}


@dataclass(frozen=True, slots=True)
class Description:
    """The words for one group in both languages, and the quotes that show it.

    Keywords and quotes of a language in which the group has no text are empty. ``unnamed`` says in
    which languages the name only stands in for one that a person must give; ``generic`` says that
    no words set the group apart from the others; ``covered`` is of the languages with a name.
    ``named_by`` is the language model that proposed both names, "" where people's words made them.
    """

    code: str
    name_en: str
    name_fr: str
    description_en: str
    description_fr: str
    keywords_en: tuple[str, ...]
    keywords_fr: tuple[str, ...]
    quotes: tuple[Quote, ...]
    unnamed: tuple[Language, ...] = ()
    generic: bool = False
    covered: tuple[Covered, ...] = ()
    named_by: str = ""


@dataclass(frozen=True, slots=True)
class ThemeProposal:
    """A group the machine proposes. ``size`` counts documents, ``passages`` counts passages.

    ``code`` is stable within one result ("T1", "T1.2"); ``parent`` is the code of the theme above.
    ``languages`` counts documents by language. Keyword lists are empty for a language in which the
    theme has no text. ``emergent`` marks a group of what fits no theme of a codebook. ``covered``
    tells, for each language with a name of the theme's own, how many answers say what it says.
    ``named_by`` is the language model that proposed both names, "" where people's words made them.
    """

    code: str
    name_en: str
    name_fr: str
    description_en: str
    description_fr: str
    keywords_en: tuple[str, ...]
    keywords_fr: tuple[str, ...]
    size: int
    passages: int
    languages: dict[str, int]
    confidence: Confidence
    quotes: tuple[Quote, ...]
    warnings: tuple[Caution, ...] = ()
    parent: str | None = None
    unnamed: tuple[Language, ...] = ()
    emergent: bool = False
    covered: tuple[Covered, ...] = ()
    named_by: str = ""

    @property
    def origin(self) -> Why | None:
        """Where its names come from, if not from people's words."""
        return Why("name_by_model", {"model": self.named_by}) if self.named_by else None


@dataclass(frozen=True, slots=True)
class PassageAssignment:
    """One passage of one document and the theme it fell in, or the reason it fell in none.

    ``main`` is true on exactly one row of each document that has a theme. ``score`` is in [0, 1].
    ``theme`` is the code of the most specific theme (a sub-theme where there is one).
    """

    document_id: str
    start: int
    end: int
    text: str
    language: Language
    theme: str | None
    main: bool
    score: float
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class LetterCampaign:
    """Documents that share most of their words. ``representative`` is the one that was analysed.

    ``linked`` is the code of a letter in the other official language that seems to be its
    translation, to be confirmed by a person; ``link_score`` is how alike they are, in [0, 1].
    """

    code: str
    representative: str
    document_ids: tuple[str, ...]
    languages: dict[str, int]
    linked: str | None = None
    link_score: float | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """What several people wrote in the same words, courtesies aside: it weighs once.

    ``text`` is masked and of the ``representative``, whose theme all of ``document_ids`` share.
    """

    representative: str
    text: str
    language: Language
    document_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapTheme:
    """The disc of a top theme on the map; ``passages`` counts the distinct ones it holds."""

    code: str
    x: float
    y: float
    radius: float
    passages: int


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One passage on the map, inside the disc of its top theme ``theme``."""

    document_id: str
    start: int
    language: Language
    theme: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PassageMap:
    """The themes and a sample of their passages on a plane; see ``layout``.

    x is in [0, 1] from left to right, y in [0, ``height``] downwards, in the same unit.
    """

    height: float
    themes: tuple[MapTheme, ...]
    points: tuple[MapPoint, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """Everything one analysis has to say about one set of documents.

    Printed, it is a line on the whole and one on each theme, not its thousands of assignments.

    ``metrics`` holds plain numbers (n, stability, separation, language_nmi, share_unthemed, ...).
    ``config`` and ``versions`` are what is needed to do it again. ``timings`` are seconds per stage
    and are the only part that differs between two runs on the same input. ``map`` is None where
    there is no theme. ``naming`` is what came of asking a language model for names, nothing where
    none was to be asked.
    """

    themes: tuple[ThemeProposal, ...]
    assignments: tuple[PassageAssignment, ...]
    campaigns: tuple[LetterCampaign, ...]
    confidence: Confidence
    metrics: dict[str, float]
    config: dict[str, object]
    versions: dict[str, str]
    corpus_digest: str
    masked: dict[str, int] = field(default_factory=dict)
    # Documents with Reason.NOT_PROCESSED or TOO_LONG: what went wrong, never the answer's words.
    set_aside: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    map: PassageMap | None = None
    # Where there was not enough to group: the documents analysed, those most alike side by side.
    order: tuple[str, ...] = ()
    # The most often written first; letters are not among them.
    repeats: tuple[Repeat, ...] = ()
    naming: tuple[Why, ...] = ()

    @property
    def shown_to(self) -> str:
        """The generative model that was asked about themes, or "" where nothing was sent to one."""
        asked = any(why.values.get("asked") for why in self.naming)
        return str(self.config["namer"]) if asked else ""

    def __repr__(self) -> str:
        documents = len({a.document_id for a in self.assignments})
        top = [t for t in self.themes if t.parent is None]
        lines = [
            f"{documents:,} texts, {len(top)} themes, confidence: {self.confidence.level.value}",
            *(
                f"{'' if t.parent is None else '  '}{t.code:<6}{t.size:>8,}  "
                + " | ".join(filter(None, dict.fromkeys((t.name_en, t.name_fr))))
                for t in self.themes
            ),
        ]
        return "\n".join(lines)
