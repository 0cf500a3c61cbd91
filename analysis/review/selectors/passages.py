"""The passages of one group, least certain first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.formats import number_format

from analysis.review.enums import Source
from analysis.review.models import AnalysisRun, Assignment, CandidateTheme, Passage, Theme
from analysis.review.selectors.alike import Same, once, same_in, those_like
from analysis.review.selectors.members import lineage
from feedback.asking.models import Question

PAGE = 25
# Characters of the answer shown on each side of a passage.
CONTEXT = 220


@dataclass(frozen=True, slots=True)
class PassageView:
    """One passage within the answer it was cut from; masked text only.

    ``before`` and ``after`` are the rest of the answer. ``letters`` is the number of people in the
    group who sent this very letter, ``same`` of those who wrote the same; 0 for a person's own
    words. ``also`` names the other themes that parts
    of the same answer are in. ``theme`` is where the codebook has the passage.
    """

    pk: int
    before: str
    text: str
    after: str
    language: str
    channel: str
    reference: str
    score: float
    reason: str
    is_human: bool
    letters: int
    same: int
    theme: Theme | None
    also: tuple[Theme, ...]

    @property
    def clipped_before(self) -> str:
        """The words just before the passage; a long answer is not told again for each passage."""
        if len(self.before) <= CONTEXT:
            return self.before
        return "… " + self.before[-CONTEXT:].partition(" ")[2]

    @property
    def clipped_after(self) -> str:
        """The words just after the passage."""
        if len(self.after) <= CONTEXT:
            return self.after
        return self.after[:CONTEXT].rpartition(" ")[0] + " …"

    @property
    def is_clipped(self) -> bool:
        """Whether the answer is longer than what is shown of it."""
        return max(len(self.before), len(self.after)) > CONTEXT

    @property
    def as_seen(self) -> str:
        """What a tick says: which passage, and where the codebook had it when it was shown."""
        return f"{self.pk}:{'none' if self.theme is None else f't{self.theme.pk}'}"

    @property
    def certainty(self) -> str:
        """The score as it stands in the margin; nothing where a person decided."""
        return "" if self.is_human or self.reason else number_format(round(self.score, 2), 2)


@dataclass(frozen=True, slots=True)
class PassagePage:
    """Some passages of a group. ``total`` counts all, letters' copies too; ``after`` is where the
    next page starts, empty on the last. ``languages`` and ``channels`` count passages. ``opened``
    says that these are all that one passage stands for."""

    passages: tuple[PassageView, ...]
    total: int
    after: str
    languages: dict[str, int]
    channels: dict[str, int]
    letters: int
    opened: bool = False


def passages_of(
    question: Question,
    run: AnalysisRun | None,
    group: Theme | CandidateTheme | None,
    *,
    language: str = "",
    channel: str = "",
    same: Passage | None = None,
    after: str = "",
    limit: int = PAGE,
) -> PassagePage:
    """A page of a theme's, a proposal's, or (None) no theme's passages.

    ``after`` is a page's own ``after``; one that is not is taken as the start. Copies of a letter,
    and what several wrote in the same words, are counted and shown once; with one of them as
    ``same``, all those it stands for are shown, and nothing else. Keyset pagination: page 400 costs
    what page 1 does.
    """
    rows = rows_of(question, run, group)
    counted = rows.order_by().values_list("passage__language", "passage__answer__response__channel")
    languages: dict[str, int] = {}
    channels: dict[str, int] = {}
    for one, way, n in counted.annotate(n=Count("pk")):
        languages[one] = languages.get(one, 0) + n
        channels[way] = channels.get(way, 0) + n
    rows = narrowed(rows, language, channel)
    said = same_in(run, rows)
    letters = [answer for each in said if each.is_letter for answer in each.answers]
    in_letters = rows.filter(passage__answer_id__in=letters).count() if letters else 0
    total = sum(languages.values()) if not language and not channel else rows.count()
    if same is not None:
        rows, said = those_like(rows, said, same), []
        total = rows.count()
    rows = once(rows, said)
    if start := _start(after):
        score, pk = start
        rows = rows.filter(Q(score__gt=score) | Q(score=score, pk__gt=pk))
    page = list(
        rows.order_by("score", "pk").select_related("passage__answer__response")[: limit + 1]
    )
    more, page = len(page) > limit, page[:limit]
    return PassagePage(
        passages=tuple(_views(question, page, said)),
        total=total,
        after=f"{page[-1].score!r}:{page[-1].pk}" if more else "",
        languages=languages,
        channels=channels,
        letters=in_letters,
        opened=same is not None,
    )


def narrowed(rows: QuerySet[Assignment], language: str, channel: str) -> QuerySet[Assignment]:
    """The rows in one language, of one channel; all where that is empty."""
    if language:
        rows = rows.filter(passage__language=language)
    if channel:
        rows = rows.filter(passage__answer__response__channel=channel)
    return rows


def rows_of(
    question: Question, run: AnalysisRun | None, group: Theme | CandidateTheme | None
) -> QuerySet[Assignment]:
    """Where each passage of a theme, a proposal or (None) no theme is said to belong."""
    if isinstance(group, Theme):
        themes = {t.pk: t for t in Theme.objects.filter(question=question)}
        below = [pk for pk, t in themes.items() if group.pk in {x.pk for x in lineage(t, themes)}]
        if group.pk not in below:
            below.append(group.pk)
        return Assignment.objects.in_codebook().filter(theme__in=below)
    if isinstance(group, CandidateTheme):
        codes = {group.code}
        siblings = list(group.run.candidates.values_list("code", "parent_code"))
        while more := {code for code, parent in siblings if parent in codes} - codes:
            codes |= more
        return Assignment.objects.of_machine().filter(
            run=group.run_id, candidate__code__in=codes, candidate__run=group.run_id
        )
    in_codebook = Assignment.objects.in_codebook().filter(passage__answer__question=question)
    by_person = Q(source=Source.HUMAN, theme__isnull=True, passage__answer__question=question)
    if run is None:
        return Assignment.objects.filter(by_person)
    by_machine = Q(source=Source.MACHINE, run=run, theme__isnull=True, candidate__isnull=True)
    if run.has_no_groups:
        # What people took out of a theme again is back where it was in the run's order.
        in_theme = in_codebook.filter(theme__isnull=False).values("passage_id")
        met = Assignment.objects.filter(by_machine).values("passage_id")
        by_person &= ~Q(passage__in=met)
        return Assignment.objects.filter(by_person | (by_machine & ~Q(passage__in=in_theme)))
    placed = in_codebook.values("passage_id")
    return Assignment.objects.filter(by_person | (by_machine & ~Q(passage__in=placed)))


def _start(after: str) -> tuple[float, int] | None:
    score, _, pk = after.partition(":")
    try:
        return float(score), int(pk)
    except ValueError:
        return None


def _views(
    question: Question,
    rows: list[Assignment],
    said: list[Same],
) -> Iterable[PassageView]:
    answers = {row.passage.answer_id for row in rows}
    pieces: dict[int, list[Passage]] = {}
    for passage in Passage.objects.filter(answer__in=answers).order_by("start", "end"):
        pieces.setdefault(passage.answer_id, []).append(passage)
    held: dict[int, Theme] = {}
    taken_out = set()
    placed = Assignment.objects.in_codebook().filter(passage__answer__in=answers)
    for row in placed.select_related("theme"):
        if row.theme is not None:
            held[row.passage_id] = row.theme
        else:
            taken_out.add(row.passage_id)
    shown = {each.shown: each for each in said}
    for row in rows:
        passage = row.passage
        many = shown.get(passage.answer_id)
        rest = pieces[passage.answer_id]
        theme = held.get(passage.pk)
        # Runs with other settings cut elsewhere: only what lies wholly beside it is its context.
        others = {held[p.pk].pk: held[p.pk] for p in rest if p.pk in held and held[p.pk] != theme}
        yield PassageView(
            pk=passage.pk,
            before=" ".join(p.text for p in _apart(rest) if p.end <= passage.start),
            text=passage.text,
            after=" ".join(p.text for p in _apart(rest) if p.start >= passage.end),
            language=passage.language,
            channel=passage.answer.response.get_channel_display(),
            reference=passage.answer.response.reference,
            score=row.score,
            reason=row.reason,
            is_human=row.source == Source.HUMAN
            or (row.candidate_id is None and passage.pk in taken_out),
            letters=len(many.answers) if many and many.is_letter else 0,
            same=len(many.answers) if many and not many.is_letter else 0,
            theme=theme,
            also=tuple(others.values()),
        )


def _apart(passages: list[Passage]) -> Iterable[Passage]:
    """The passages in order, without those that overlap one before."""
    end = -1
    for passage in passages:
        if passage.start >= end:
            yield passage
            end = passage.end
