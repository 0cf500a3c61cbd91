"""The one door in for responses, whatever their channel."""

# ruff: noqa: N818 (an exception is named for what happened, as pages say it)
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from feedback.answering.models import Answer, Response
from feedback.answering.references import new_reference
from feedback.answering.validation import checked, content_digest
from feedback.asking.answers import AnswerInput
from feedback.asking.enums import Channel
from feedback.asking.life import Phase
from feedback.asking.locks import hold_questions_still
from feedback.asking.models import Engagement, Questionnaire
from feedback.asking.selectors.questionnaires import questions_of
from feedback.asking.services.changes import constraint_of
from feedback.bilingual import Language
from feedback.outbox.enums import OutboxTopic
from feedback.outbox.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class Submission:
    """A stored response, and whether this call stored it or an earlier one with its token did."""

    response: Response
    created: bool


class EngagementNotOpen(Exception):
    """The engagement takes no responses at that moment; ``phase`` says where it stands."""

    def __init__(self, phase: Phase) -> None:
        self.phase = phase
        super().__init__(phase)


class ContentDiffers(Exception):
    """This token was used for other answers. Nothing was stored or changed."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.reference)


class ResponseWithdrawn(Exception):
    """This token's response was sent and taken back. Nothing was stored."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.reference)


class _QuestionnaireChanged(Exception):
    """An author changed the questions between our reading them and our writing answers."""


def response_submit(
    *,
    engagement: Engagement,
    client_token: UUID,
    language: Language | str,
    channel: Channel | str,
    answers: Mapping[str, AnswerInput],
    opened_at: datetime | None = None,
    received_at: datetime | None = None,
    version_seen: int | None = None,
) -> Submission:
    """Store one response with its answers and its message to the outbox, or nothing at all.

    ``answers`` by question code. ``opened_at``: when the person opened the form, proven by a
    signature; before closing, it earns CONSULT_GRACE_MINUTES. ``received_at``: for responses that
    reached us earlier by another channel. ``version_seen``: the wording the person read.

    The same token with the same answers is the same response, at any time and however many at
    once. Raises ``ContentDiffers`` for the same token with other answers, ``ResponseWithdrawn``
    when that response was taken back, ``EngagementNotOpen``, and ``ValidationErrors`` with a code
    for each question.
    """
    while True:
        questionnaire = Questionnaire.objects.get(engagement=engagement)
        questions = questions_of(questionnaire)
        sent = Response.objects.filter(engagement=engagement, client_token=client_token).first()
        if sent is None:
            _refuse_outside_window(engagement, opened_at, received_at)
        elif sent.withdrawn_at is not None:
            raise ResponseWithdrawn(sent)
        given = checked(questions, answers)
        digest = content_digest(questions, given)
        if sent is not None:
            if sent.content_digest != digest:
                raise ContentDiffers(sent)
            return Submission(sent, created=False)
        ids = {question.code: question.pk for question in questions}
        response = Response(
            engagement=engagement,
            client_token=client_token,
            reference=new_reference(),
            receipt_key=uuid4(),
            language=Language(language),
            channel=Channel(channel),
            questionnaire_version=min(version_seen or questionnaire.version, questionnaire.version),
            content_digest=digest,
        )
        if received_at is not None:
            response.received_at = received_at
        try:
            _store(
                response,
                [
                    Answer(
                        response=response,
                        question_id=ids[code],
                        codes=list(answer.codes),
                        text=answer.text,
                    )
                    for code, answer in given.items()
                ],
                questionnaire,
            )
        except IntegrityError as error:
            # Another copy of this sending was faster, or two references met: look again.
            if constraint_of(error) not in {
                "response_once_per_token",
                "answering_response_reference_key",
            }:
                raise
            continue
        except _QuestionnaireChanged:
            continue
        return Submission(response, created=True)


def _store(response: Response, answers: list[Answer], questionnaire: Questionnaire) -> None:
    with transaction.atomic():
        hold_questions_still(questionnaire)
        if not Questionnaire.objects.filter(
            pk=questionnaire.pk, version=questionnaire.version
        ).exists():
            raise _QuestionnaireChanged
        response.save(force_insert=True)
        Answer.objects.bulk_create(answers)
        response_announce(OutboxTopic.RESPONSE_RECEIVED, response)


def response_is_open_for(
    *, engagement: Engagement, opened_at: datetime | None, at: datetime | None = None
) -> bool:
    """Whether a form opened then would still be taken now; the public pages ask before showing."""
    try:
        _refuse_outside_window(engagement, opened_at, at)
    except EngagementNotOpen:
        return False
    return True


def _refuse_outside_window(
    engagement: Engagement, opened_at: datetime | None, received_at: datetime | None
) -> None:
    now = timezone.now()
    moment = received_at or now
    phase = engagement.phase(moment)
    if received_at is not None and received_at > now:
        raise EngagementNotOpen(phase)
    if phase.is_open:
        return
    closes_at = engagement.closes_at
    if (
        phase.awaits_outcome
        and closes_at is not None
        and opened_at is not None
        and received_at is None
        and opened_at < closes_at
        and now < closes_at + timedelta(minutes=settings.CONSULT_GRACE_MINUTES)
    ):
        return
    raise EngagementNotOpen(phase)


def response_announce(topic: OutboxTopic, response: Response) -> None:
    """In the transaction that changed it: others will do what follows from it."""
    OutboxMessage.objects.create(
        topic=topic,
        payload={"engagement_id": response.engagement_id, "response_id": response.pk},
    )
