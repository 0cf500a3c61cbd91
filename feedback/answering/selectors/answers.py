"""What people answered: for the analysis, for charts. Withdrawn responses are in none of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Count, F, Func, IntegerField, Max, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncMonth

from feedback.answering.models import Answer, Response
from feedback.answering.querysets import AnswerQuerySet
from feedback.asking.enums import TEXT_KINDS, Channel, QuestionKind
from feedback.asking.models import Choice, Question
from feedback.bilingual import Language

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """One person's words on one question, as typed. ``language`` is the page's: only a hint."""

    answer_id: int
    text: str
    language: str
    channel: str
    received_at: datetime


def corpus_for(
    question: Question, *, answers: Collection[int] | None = None, last: int | None = None
) -> Iterator[CorpusDocument]:
    """The texts that answer a question, by answer id; memory stays flat however many.

    ``answers`` names those wanted; ``last`` is the id after which none is. Raises ValueError for a
    question that is not answered in words.
    """
    wanted = _corpus(question)
    if answers is not None:
        wanted = wanted.filter(pk__in=answers)
    if last is not None:
        wanted = wanted.filter(pk__lte=last)
    rows = wanted.order_by("pk").values_list(
        "pk", "text", "response__language", "response__channel", "response__received_at"
    )
    for row in rows.iterator(chunk_size=CHUNK):
        yield CorpusDocument(*row)


def corpus_ids(question: Question, *, last: int | None = None) -> set[int]:
    """The ids of the texts that answer a question, up to ``last``."""
    wanted = _corpus(question)
    return set(
        (wanted if last is None else wanted.filter(pk__lte=last)).values_list("pk", flat=True)
    )


def corpus_size(question: Question) -> int:
    """How many texts answer a question."""
    return _corpus(question).count()


def corpus_last(question: Question) -> int | None:
    """The id of the newest text that answers a question; None where there is none."""
    newest: int | None = _corpus(question).aggregate(newest=Max("pk"))["newest"]
    return newest


def _corpus(question: Question) -> AnswerQuerySet:
    if question.kind not in TEXT_KINDS:
        raise ValueError(f"question {question.code} is not answered in words")
    return Answer.objects.standing().filter(question=question)


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """How many chose this. Shares are of the base of the same group."""

    choice: Choice
    n: int
    by_language: dict[Language, int]
    by_channel: dict[Channel, int]


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a closed question was answered.

    ``base``: people who answered and did not choose "not applicable" (``not_applicable`` did).
    ``missing``: responses without an answer to it. With several choices allowed, the counts add
    up to more than the base.
    """

    question: Question
    base: int
    not_applicable: int
    missing: int
    rows: list[ChoiceCount]
    base_by_language: dict[Language, int]
    base_by_channel: dict[Channel, int] = field(default_factory=dict)

    def share(self, row: ChoiceCount, language: Language | None = None) -> Fraction | None:
        """Exact share of the base, in all or of one language; None where the base is empty."""
        base = self.base if language is None else self.base_by_language[language]
        n = row.n if language is None else row.by_language[language]
        return Fraction(n, base) if base else None


def question_distribution(question: Question) -> Distribution:
    """Counts per choice, by language and by channel, in the order the choices were offered.

    The row of a "not applicable" choice is left out; its count is ``not_applicable``.
    Raises ValueError for a question answered in words.
    """
    if question.kind in TEXT_KINDS:
        raise ValueError(f"question {question.code} has no choices")
    choices = list(question.choices.all())
    outside = [choice.code for choice in choices if choice.is_not_applicable]
    answers = Answer.objects.standing().filter(question=question).order_by()
    counts: dict[str, dict[tuple[Language, Channel], int]] = {}
    for code, language, channel, n in (
        answers.annotate(code=_unnested())
        .values_list("code", "response__language", "response__channel")
        .annotate(n=Count("pk"))
    ):
        counts.setdefault(code, {})[Language(language), Channel(channel)] = n
    base_groups = {
        (Language(language), Channel(channel)): n
        for language, channel, n in answers.exclude(codes__overlap=outside)
        .values_list("response__language", "response__channel")
        .annotate(n=Count("pk"))
    }
    base = sum(base_groups.values())
    answered = answers.count()
    responses = Response.objects.standing().filter(
        engagement__questionnaire=question.questionnaire_id
    )
    return Distribution(
        question=question,
        base=base,
        not_applicable=answered - base,
        missing=responses.count() - answered,
        rows=[
            ChoiceCount(
                choice=choice,
                n=sum(counts.get(choice.code, {}).values()),
                by_language=_by_language(counts.get(choice.code, {})),
                by_channel=_by_channel(counts.get(choice.code, {})),
            )
            for choice in choices
            if not choice.is_not_applicable
        ],
        base_by_language=_by_language(base_groups),
        base_by_channel=_by_channel(base_groups),
    )


def _unnested() -> Func[TextField[str | Combinable, str]]:
    unnest = Func(F("codes"), function="unnest", output_field=TextField())
    unnest.set_returning = True
    return unnest


def _by_language(groups: dict[tuple[Language, Channel], int]) -> dict[Language, int]:
    sums = dict.fromkeys(Language, 0)
    for (language, _), n in groups.items():
        sums[language] += n
    return sums


def _by_channel(groups: dict[tuple[Language, Channel], int]) -> dict[Channel, int]:
    sums: dict[Channel, int] = {}
    for (_, channel), n in groups.items():
        sums[channel] = sums.get(channel, 0) + n
    return sums


@dataclass(frozen=True, slots=True)
class RatingMonth:
    """One month of a rating: ``n`` people, how many gave each of the points 1 to 5."""

    month: date
    n: int
    by_value: dict[int, int]

    @property
    def mean(self) -> float:
        """Mean of the points; a month with nobody in it is not in the list."""
        return sum(value * n for value, n in self.by_value.items()) / self.n


def rating_by_month(question: Question, channel: Channel | None = None) -> list[RatingMonth]:
    """A rating over time, months of the site's time zone, "not applicable" left out.

    Only months with ratings, oldest first. Raises ValueError for another kind of question.
    """
    if question.kind != QuestionKind.RATING:
        raise ValueError(f"question {question.code} is not a rating")
    values = {c.code: c.value for c in question.choices.all() if c.value is not None}
    answers = Answer.objects.standing().filter(question=question)
    if channel is not None:
        answers = answers.filter(response__channel=channel)
    months: dict[date, dict[int, int]] = {}
    for moment, code, n in (
        answers.order_by()
        .annotate(month=TruncMonth("response__received_at"), code=F("codes__0"))
        .values_list("month", "code")
        .annotate(n=Count("pk", output_field=IntegerField()))
    ):
        if code in values:
            points = months.setdefault(moment.date(), dict.fromkeys(range(1, 6), 0))
            points[values[code]] += n
    return [
        RatingMonth(month=month, n=sum(points.values()), by_value=points)
        for month, points in sorted(months.items())
    ]


def answers_of(response: Response) -> AnswerQuerySet:
    """A response's answers in the questionnaire's order."""
    return (
        Answer.objects.filter(response=response)
        .select_related("question")
        .order_by("question__sort_order", "question_id")
    )
