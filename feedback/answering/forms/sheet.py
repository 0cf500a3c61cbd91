"""The sheet a person is filling in. It travels whole in the form, page after page, and is stored
nowhere before it is sent (docs/adr/0006-answers-travel-in-the-form.md).

Fields are named ``c.<code>`` for choices and ``t.<code>`` for text, so that even a page that
cannot ask the database what was asked can tell words from ticks and give the words back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils import timezone

from feedback.answering.forms.drawing import Field, Section
from feedback.answering.forms.paging import Page, pages_of
from feedback.answering.forms.stamps import Stamp
from feedback.asking.answers import AnswerError, AnswerInput
from feedback.asking.kinds import kind_of
from feedback.asking.models import Engagement, Question, Questionnaire
from feedback.asking.selectors.questionnaires import as_worded, questions_as_worded, questions_of

CHECK = "check"


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
            if (given := kind_of(question).read(question, post)) != AnswerInput()
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
            kind_of(question).check(question, self.answers.get(question.code, AnswerInput()))
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
                fields.extend(kind_of(question).carried(question, answer))
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
