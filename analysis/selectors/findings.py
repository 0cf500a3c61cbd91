"""The numbers a department may publish about one question, as frozen values.

Everything is counted over what stands at the moment of asking: a withdrawn response has left with
its passages. Counts are of respondents (one answer to one question is one person), never of
mentions; a sub-theme's respondents are among its parent's, and a merged theme's among its
target's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from feedback.models import Question


@dataclass(frozen=True, slots=True)
class FindingTheme:
    """One accepted theme and who spoke of it.

    ``parent`` is the code of the theme above, or None; parents come before their children, top
    themes by number of respondents, largest first. ``share`` is ``respondents`` over the number of
    respondents who wrote a comment, in [0, 1]. ``by_language`` counts respondents by the language
    they wrote in ("en", "fr"; "other" where neither). ``in_letters`` of the respondents sent a
    letter of a campaign. ``quote_ids`` are passages that show the theme, best first, both languages
    where there are both; read them with ``quotes_by_id``.
    """

    code: str
    parent: str | None
    name_en: str
    name_fr: str
    definition_en: str
    definition_fr: str
    respondents: int
    share: float
    by_language: dict[str, int]
    in_letters: int
    quote_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FindingCampaign:
    """A letter many people sent: ``letters`` of them stand. ``text`` is one, masked."""

    code: str
    letters: int
    by_language: dict[str, int]
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What may be said about one question: who answered, in which themes, how it was found.

    ``responses`` counts standing responses to the engagement, ``with_text`` those that answered
    this question in words; ``in_themes`` + the values of ``unthemed`` = ``with_text``.
    ``unthemed`` keys: a ``Reason`` of the pipeline, "dismissed" (people set it aside),
    "not_reviewed" (proposed by the machine, no person has decided yet) or "not_analysed" (arrived
    after the run). ``languages`` counts responses by the language of the form, ``channels`` by how
    they came, ``with_text_languages`` those with text by the language they wrote in: the base for
    ``FindingTheme.by_language``.
    ``confidence`` is {"level", "reason_en", "reason_fr", "stability"}; empty without a run, as are
    ``versions`` and ``config``; ``run_id`` is then None.
    """

    question_id: int
    responses: int
    with_text: int
    in_themes: int
    languages: dict[str, int]
    with_text_languages: dict[str, int]
    channels: dict[str, int]
    first_at: datetime | None
    last_at: datetime | None
    themes: tuple[FindingTheme, ...]
    unthemed: dict[str, int]
    campaigns: tuple[FindingCampaign, ...]
    run_id: int | None
    run_finished_at: datetime | None
    corpus_digest: str
    confidence: dict[str, object] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    config: dict[str, object] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    masked: dict[str, int] = field(default_factory=dict)

    @property
    def letters(self) -> int:
        """How many of the standing answers are letters of a campaign."""
        return sum(campaign.letters for campaign in self.campaigns)


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A verbatim passage, personal information masked, as it may be shown. Always escape it.

    ``language`` is "en", "fr", "other" or "und": set ``lang`` on the quote where it is en or fr.
    """

    id: int
    text: str
    language: str
    channel: str


def findings_for(question: Question) -> Findings:
    """The numbers of one question as they stand now."""
    raise NotImplementedError


def quotes_by_id(ids: Iterable[int]) -> dict[int, QuoteView]:
    """The quotes that still stand among ``ids``. One that was withdrawn is simply not there."""
    raise NotImplementedError
