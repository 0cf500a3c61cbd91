"""The sheet a person is filling in. It travels whole in the form, page after page, and is stored
nowhere before it is sent (docs/adr/0006-answers-travel-in-the-form.md).

Fields are named ``c.<code>`` for choices and ``t.<code>`` for text, so that even a page that
cannot ask the database what was asked can tell words from ticks and give the words back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.answering.answers import (
    AnswerError,
    AnswerInput,
    ErrorCode,
    answer_error,
    text_length,
)
from feedback.asking.enums import QuestionKind
from feedback.asking.models import Engagement, Question, Questionnaire
from feedback.asking.selectors.questionnaires import as_worded, questions_as_worded, questions_of

CHOICE, TEXT = "c.", "t."
CHECK = "check"


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a form was opened and in which version, proven by our signature."""

    engagement_id: int
    version: int
    opened_at: datetime

    def signed(self, token: UUID) -> str:
        """Bound to one token: it cannot be carried over to another sending."""
        milliseconds = int(self.opened_at.timestamp() * 1000)
        content = f"{self.engagement_id}.{self.version}.{milliseconds}.{token.hex}"
        return Signer(salt="feedback.sheet").sign(content)

    @classmethod
    def read(cls, signed: str, token: UUID, engagement: Engagement) -> Stamp | None:
        """None for one that is not ours, or of another form."""
        try:
            content = Signer(salt="feedback.sheet").unsign(signed)
            engagement_id, version, milliseconds, token_hex = content.split(".")
            opened_at = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
        except (BadSignature, ValueError, OverflowError):
            return None
        if token_hex != token.hex or int(engagement_id) != engagement.pk:
            return None
        return cls(engagement.pk, int(version), opened_at)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of questions, counted from 1."""

    number: int
    title: str
    questions: tuple[Question, ...]


def pages_of(questions: list[Question], title: str) -> list[Page]:
    """A question with a page title starts a page; ``title`` stands where the first has none."""
    groups: list[list[Question]] = []
    for question in questions:
        if not groups or question.page_title:
            groups.append([])
        groups[-1].append(question)
    return [
        Page(number, group[0].page_title or title, tuple(group))
        for number, group in enumerate(groups, start=1)
    ]


@dataclass(slots=True)
class Sheet:
    """What one person has typed and ticked so far, and where in the form they are.

    ``page``: the page shown, or one more than there are for the check. ``is_returning``: came
    from the check to change one answer. ``shows_errors``: the page is shown with its errors.
    ``is_whole``: all questions are on one page, the first, as where no script can carry them
    over the browser's Back button. ``is_fresh``: just opened, nobody knows yet which it will be.
    ``edition``: counted by the script that keeps what is typed in the tab, and given back to it.
    ``stamp`` is None when the form did not come from us, or too much time and too many keys ago.
    """

    engagement: Engagement
    questionnaire: Questionnaire
    pages: list[Page]
    token: UUID
    stamp: Stamp | None
    answers: dict[str, AnswerInput] = field(default_factory=dict)
    page: int = 1
    is_returning: bool = False
    shows_errors: bool = False
    has_token: bool = True
    is_whole: bool = False
    edition: int = 0
    is_fresh: bool = False

    @classmethod
    def blank(cls, engagement: Engagement, questionnaire: Questionnaire) -> Sheet:
        """A fresh one, opened now."""
        return cls(
            engagement=engagement,
            questionnaire=questionnaire,
            pages=pages_of(questions_of(questionnaire), engagement.title),
            token=uuid4(),
            stamp=Stamp(engagement.pk, questionnaire.version, timezone.now()),
            is_fresh=True,
        )

    @classmethod
    def posted(cls, engagement: Engagement, questionnaire: Questionnaire, post: QueryDict) -> Sheet:
        """The one that came back, whatever became of it on the way."""
        sheet = cls.blank(engagement, questionnaire)
        sheet.is_fresh = False
        sheet.is_whole = post.get("whole") == "1"
        sheet.edition = _number(post.get("edition", ""))
        try:
            sheet.token = UUID(hex=post.get("token", ""))
        except ValueError:
            sheet.has_token = False
        else:
            sheet.stamp = Stamp.read(post.get("stamp", ""), sheet.token, engagement)
            sheet._words_of_its_version()
        sheet.answers = {
            question.code: given
            for question in sheet.questions
            if (given := _read(question, post)) != AnswerInput()
        }
        typed = post.get("page", "")
        sheet.turn_to(sheet.last if typed == CHECK else sheet.page_number(typed))
        sheet.is_returning = post.get("returning") == "1"
        sheet.shows_errors = post.get("errors") == "1"
        return sheet

    def _words_of_its_version(self) -> None:
        """What was reworded since the form was opened stays as the person read it, to the end: the
        answer is kept beside the words of that version."""
        if self.stamp is None or self.stamp.version >= self.questionnaire.version:
            return
        version = self.stamp.version
        questions = questions_as_worded(self.questionnaire, version)
        self.pages = pages_of(questions, self.engagement.title)
        as_worded(self.questionnaire, version)

    @property
    def questions(self) -> list[Question]:
        """All of them, in order."""
        return [question for page in self.pages for question in page.questions]

    @property
    def last(self) -> int:
        """The number of the check, which follows the last page."""
        return len(self.pages) + 1

    @property
    def is_check(self) -> bool:
        """Whether this is the check."""
        return self.page == self.last

    @property
    def current(self) -> Page:
        """The page shown; not to be asked of the check."""
        return self.pages[self.page - 1]

    @property
    def shown_pages(self) -> tuple[Page, ...]:
        """Those whose questions are asked on the page shown; none on the check."""
        if self.is_check:
            return ()
        return tuple(self.pages) if self.is_whole else (self.current,)

    def turn_to(self, number: int) -> None:
        """Show that page; one that does not exist, or is part of the whole, is the first."""
        is_first = number < 1 or (self.is_whole and number != self.last)
        self.page = 1 if is_first else number

    @property
    def steps(self) -> int:
        """How many there are, the check among them."""
        return 2 if self.is_whole else self.last

    @property
    def step(self) -> int:
        """Which of them this is."""
        return self.steps if self.is_check else self.page

    def page_number(self, typed: str) -> int:
        """The page of questions meant, or the nearest there is."""
        return min(max(_number(typed), 1), len(self.pages))

    @property
    def opened_at(self) -> datetime | None:
        """When the form was opened, if we can prove it."""
        return self.stamp.opened_at if self.stamp else None

    @property
    def has_words(self) -> bool:
        """Whether anything was typed or ticked that would be a pity to lose."""
        return any(answer.is_given for answer in self.answers.values())

    def renew(self) -> None:
        """A fresh token: what is sent from here on is a new response. The clock runs on."""
        self.token = uuid4()
        self.has_token = True

    def errors_of(self, page: Page) -> dict[str, AnswerError]:
        """What is wrong on one page, in its order."""
        found = (
            answer_error(question, self.answers.get(question.code, AnswerInput()))
            for question in page.questions
        )
        return {error.question_code: error for error in found if error is not None}

    def first_page_with_errors(self) -> int | None:
        """Where to send a person who wants to go on but cannot yet."""
        return next((page.number for page in self.pages if self.errors_of(page)), None)

    @property
    def has_errors_here(self) -> bool:
        """Whether something on the page shown keeps a person from going on."""
        return any(self.errors_of(page) for page in self.shown_pages)

    def hidden_fields(self) -> list[tuple[str, str]]:
        """Everything that must come back and is not on the page shown."""
        fields = [("token", str(self.token)), ("page", CHECK if self.is_check else str(self.page))]
        if self.stamp:
            fields.append(("stamp", self.stamp.signed(self.token)))
        if self.is_returning:
            fields.append(("returning", "1"))
        if self.shows_errors:
            fields.append(("errors", "1"))
        if self.is_whole:
            fields.append(("whole", "1"))
        if self.edition:
            fields.append(("edition", str(self.edition)))
        shown = {page.number for page in self.shown_pages}
        for page in self.pages:
            if page.number in shown:
                continue
            for question in page.questions:
                answer = self.answers.get(question.code, AnswerInput())
                fields.extend((CHOICE + question.code, code) for code in answer.codes)
                if answer.text:
                    fields.append((TEXT + question.code, answer.text))
        return fields

    def sections(self) -> list[Section]:
        """The questions of the page shown, ready to draw."""
        return [self._section(page) for page in self.shown_pages]

    def later_sections(self) -> list[Section]:
        """The questions of the other pages of a fresh form, for a browser that runs no script."""
        return [self._section(page) for page in self.pages[1:]] if self.is_fresh else []

    def _section(self, page: Page) -> Section:
        errors = self.errors_of(page) if self.shows_errors else {}
        return Section(
            page.title,
            [
                Field(
                    question=question,
                    answer=self.answers.get(question.code, AnswerInput()),
                    error=errors.get(question.code),
                )
                for question in page.questions
            ],
        )


def _number(typed: str) -> int:
    """0 for what is none, or is longer than any page or edition."""
    # Python refuses to read numbers of thousands of digits.
    return int(typed) if typed.isdecimal() and len(typed) < 7 else 0


def _read(question: Question, post: QueryDict) -> AnswerInput:
    if question.is_text:
        return AnswerInput(text=post.get(TEXT + question.code, ""))
    return AnswerInput(codes=tuple(c for c in post.getlist(CHOICE + question.code) if c))


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to tick."""

    id: str
    code: str
    label: str
    is_checked: bool
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A question as drawn on a page, with what was answered and what is wrong with it."""

    question: Question
    answer: AnswerInput
    error: AnswerError | None

    @property
    def id(self) -> str:
        """Of the input, or of the first of several: where a link from the errors leads."""
        return f"q-{self.question.code}"

    @property
    def name(self) -> str:
        """Of the field in the form."""
        return (TEXT if self.question.is_text else CHOICE) + self.question.code

    @property
    def kind(self) -> str:
        """Which part of the template draws it."""
        return self.question.kind

    @property
    def is_rating(self) -> bool:
        """Points in a row, and "not applicable" apart from them."""
        return self.question.kind == QuestionKind.RATING

    @property
    def options(self) -> list[Option]:
        """What can be ticked. An optional question of one choice offers its own way back."""
        options = [
            Option(
                id=self.id if number == 0 else f"{self.id}-{number + 1}",
                code=choice.code,
                label=choice.label,
                is_checked=choice.code in self.answer.codes,
                is_apart=choice.is_not_applicable,
            )
            for number, choice in enumerate(self.question.choices.all())
        ]
        one_of = self.question.kind in {QuestionKind.SINGLE_CHOICE, QuestionKind.RATING}
        if one_of and not self.question.is_required and self.answer.codes:
            # A radio button cannot be unticked.
            options.append(Option(f"{self.id}-none", "", _("Remove my answer"), False, True))
        return options

    @property
    def message(self) -> str:
        """The error in words that say what to do; the same at the top and here."""
        return error_message(self.question, self.error) if self.error else ""

    @property
    def limit(self) -> str:
        """The longest text, as people write numbers."""
        return number_format(self.question.max_length, force_grouping=True)

    @property
    def left(self) -> int:
        """Characters that may still be typed; below zero, how many are too many."""
        return int(self.question.max_length - text_length(self.answer.text))

    @property
    def described_by(self) -> str:
        """The ids of what explains the field, in the order it is read."""
        parts = []
        if self.question.hint:
            parts.append(f"{self.id}-hint")
        if self.error:
            parts.append(f"{self.id}-error")
        if self.question.is_text:
            parts.append(f"{self.id}-count")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one page, as drawn."""

    title: str
    fields: list[Field]


def error_message(question: Question, error: AnswerError) -> str:
    """What to do about it, in the page's language."""
    if error.code == ErrorCode.TOO_LONG:
        return ngettext(
            "Shorten your text by %(count)s character. Nothing was cut.",
            "Shorten your text by %(count)s characters. Nothing was cut.",
            error.excess,
        ) % {"count": number_format(error.excess, force_grouping=True)}
    if error.code == ErrorCode.REQUIRED and question.is_text:
        return _("Write an answer to continue.")
    if error.code == ErrorCode.REQUIRED:
        return _("Choose an answer to continue.")
    if error.code == ErrorCode.ONE_CHOICE_ONLY:
        return _("Choose one answer only.")
    return _("Choose one of the answers offered.")


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A question and what was answered, as read back on the check, the receipt, a closed page."""

    question: Question
    page: int
    labels: tuple[str, ...]
    text: str

    @property
    def id(self) -> str:
        """Where on its page the question is answered."""
        return f"q-{self.question.code}"


def shown_answers(pages: list[Page], answers: Mapping[str, AnswerInput]) -> list[ShownAnswer]:
    """Every question in order, the unanswered too."""
    shown = []
    for page in pages:
        for question in page.questions:
            answer = answers.get(question.code, AnswerInput())
            labels = tuple(c.label for c in question.choices.all() if c.code in answer.codes)
            text = answer.text if answer.text.strip() else ""
            shown.append(ShownAnswer(question, page.number, labels, text))
    return shown


def as_plain_text(shown: list[ShownAnswer]) -> str:
    """The answers as one text to copy elsewhere."""
    parts = []
    for answer in shown:
        said = "\n".join(answer.labels) or answer.text
        if said:
            parts.append(f"{answer.question.text}\n{said}")
    return "\n\n".join(parts)


def words_in(post: QueryDict) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """A posted form as it came, without asking the database: its texts, and all else, in order.

    For the page shown while the database is away.
    """
    texts: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for name, values in post.lists():
        for value in map(str, values):
            if name.startswith(TEXT) and value.strip():
                texts.append((name, value))
            else:
                others.append((name, value))
    return texts, others
