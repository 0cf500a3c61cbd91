"""Rows for tests, by plain functions. Each room appends its own; none rewrites another's.

What a test is about it says in the call; everything else has a value that is right and dull.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from analysis.pipeline import (
    Confidence,
    LetterCampaign,
    Level,
    PassageAssignment,
    Quote,
    Reason,
    Result,
    ThemeProposal,
)
from analysis.pipeline import Language as PipelineLanguage
from analysis.reasons import Why
from analysis.review.models import AnalysisRun
from analysis.review.services.results import run_store_result
from analysis.review.services.runs import run_claim
from feedback.answering.models import Answer, Response
from feedback.answering.services.responses import response_submit
from feedback.asking.answers import AnswerInput
from feedback.asking.enums import Channel, EngagementKind
from feedback.asking.life import EngagementStatus
from feedback.asking.models import Choice, Engagement, Question, Questionnaire
from feedback.asking.services.changes import Confirmation
from feedback.asking.services.questionnaires import questionnaire_change
from feedback.bilingual import Language
from feedback.people.enums import Role
from feedback.people.models import Department, Membership

_numbers = itertools.count(1)

# --- feedback ----------------------------------------------------------------------------------


def make_department(code: str | None = None, **fields: Any) -> Department:
    """A department named in both languages."""
    code = code or f"dept-{next(_numbers)}"
    names = {"name_en": f"Department {code}", "name_fr": f"Ministère {code}"}
    return Department.objects.create(code=code, **{**names, **fields})


def make_user(
    department: Department | None = None, *roles: Role, username: str | None = None, **fields: Any
) -> Any:
    """A member of staff with these roles in the department; without one, a stranger."""
    user = get_user_model().objects.create_user(
        username=username or f"user-{next(_numbers)}", password="correct horse battery", **fields
    )
    for role in roles:
        Membership.objects.create(user=user, department=department, role=role)
    return user


def make_superuser(username: str | None = None) -> Any:
    """An administrator."""
    return make_user(username=username, is_staff=True, is_superuser=True)


def make_engagement(
    department: Department | None = None,
    *,
    open: bool = True,  # noqa: A002 - reads as what it is: make_engagement(open=False)
    kind: EngagementKind = EngagementKind.CONSULTATION,
    reference_number: str | None = None,
    **fields: Any,
) -> Engagement:
    """Open: since ten days, for twenty more. Not open: closed for five days. Dates may be given."""
    now = timezone.now()
    dates = {
        "opens_at": now - timedelta(days=10 if open else 30),
        "closes_at": now + timedelta(days=20) if open else now - timedelta(days=5),
    }
    return Engagement.objects.create(
        department=department or make_department(),
        kind=kind,
        reference_number=reference_number or f"bsc-2026-{next(_numbers)}",
        **{
            "title_en": "Services in the language of your choice",
            "title_fr": "Des services dans la langue de votre choix",
            "status": EngagementStatus.APPROVED,
            **dates,
            **fields,
        },
    )


def make_question(questionnaire: Questionnaire, code: str, kind: str, **fields: Any) -> Any:
    """A question with suitable choices: three, or five points and "not applicable"."""
    question = Question.objects.create(
        questionnaire=questionnaire,
        code=code,
        kind=kind,
        **{
            "sort_order": Question.objects.filter(questionnaire=questionnaire).count(),
            "text_en": f"What about {code}?",
            "text_fr": f"Que dire de {code}?",
            **fields,
        },
    )
    if kind in {"single_choice", "multiple_choice"}:
        labels = [("phone", "By phone", "Par téléphone"), ("online", "Online", "En ligne")]
        labels.append(("counter", "At a counter", "Au comptoir"))
        for order, (choice, label_en, label_fr) in enumerate(labels):
            Choice.objects.create(
                question=question,
                code=choice,
                label_en=label_en,
                label_fr=label_fr,
                sort_order=order,
            )
    elif kind == "rating":
        points = [
            ("Very difficult", "Très difficile"),
            ("Difficult", "Difficile"),
            ("Neither difficult nor easy", "Ni difficile ni facile"),
            ("Easy", "Facile"),
            ("Very easy", "Très facile"),
        ]
        for value, (label_en, label_fr) in enumerate(points, start=1):
            Choice.objects.create(
                question=question,
                code=str(value),
                value=value,
                label_en=label_en,
                label_fr=label_fr,
                sort_order=value,
            )
        Choice.objects.create(
            question=question,
            code="na",
            is_not_applicable=True,
            label_en="Not applicable",
            label_fr="Sans objet",
            sort_order=6,
        )
    return question


def make_questionnaire(engagement: Engagement | None = None) -> Questionnaire:
    """Every kind of question, on three pages. Required: ``reached`` and ``ease``.

    Page 1: ``reached`` (one choice), ``used`` (several). Page 2: ``ease`` (rating), ``slowed``
    (long text, 500 characters). Page 3: ``first`` (short text, 100), ``change`` (long text, 5000).
    """
    questionnaire = Questionnaire.objects.create(
        engagement=engagement or make_engagement(),
        privacy_notice_en="We keep no name and no address.",
        privacy_notice_fr="Nous ne gardons ni nom ni adresse.",
    )
    make_question(
        questionnaire,
        "reached",
        "single_choice",
        is_required=True,
        page_title_en="You and our services",
        page_title_fr="Vous et nos services",
    )
    make_question(questionnaire, "used", "multiple_choice")
    make_question(
        questionnaire,
        "ease",
        "rating",
        is_required=True,
        page_title_en="How it went",
        page_title_fr="Comment ça s'est passé",
    )
    make_question(
        questionnaire,
        "slowed",
        "long_text",
        max_length=500,
        hint_en="Do not give personal information.",
        hint_fr="Ne donnez pas de renseignements personnels.",
    )
    make_question(
        questionnaire,
        "first",
        "short_text",
        max_length=100,
        page_title_en="What should change",
        page_title_fr="Ce qui devrait changer",
    )
    make_question(questionnaire, "change", "long_text")
    return questionnaire


def by_approver(engagement: Engagement, reason: str = "Plainer words.") -> dict[str, Any]:
    """What ``questionnaire_change`` asks once approved: who, and that both languages were read."""
    return {
        "actor": make_user(engagement.department, Role.APPROVER),
        "confirmation": Confirmation(reason, says_the_same=True),
    }


def reworded(questionnaire: Questionnaire) -> Any:
    """Around a change of words once approved: ``with reworded(questionnaire): ...``."""
    said = by_approver(questionnaire.engagement)
    return questionnaire_change(questionnaire=questionnaire, **said)


def given(**answers: str | list[str]) -> dict[str, AnswerInput]:
    """``given(reached="phone", used=["phone"], slowed="Rien.")``: a list or a code of
    ``make_questionnaire``'s closed questions is a choice, anything else is text."""
    closed = {"reached", "used", "ease"}
    inputs = {}
    for code, answer in answers.items():
        if isinstance(answer, list):
            inputs[code] = AnswerInput(codes=tuple(answer))
        elif code in closed:
            inputs[code] = AnswerInput(codes=(answer,))
        else:
            inputs[code] = AnswerInput(text=answer)
    return inputs


def submit(
    engagement: Engagement,
    answers: Mapping[str, AnswerInput] | None = None,
    *,
    language: Language = Language.EN,
    channel: Channel = Channel.ONLINE,
    received_at: datetime | None = None,
    client_token: UUID | None = None,
) -> Response:
    """One response through the one door; by default with the required answers and no more."""
    return response_submit(
        engagement=engagement,
        client_token=client_token or uuid4(),
        language=language,
        channel=channel,
        answers=given(reached="phone", ease="4") if answers is None else answers,
        received_at=received_at,
    ).response


# --- analysis ----------------------------------------------------------------------------------


def make_comments(
    question: Question, texts: Mapping[str, Language] | list[tuple[str, Language]]
) -> list[Answer]:
    """One response for each text, in its language; the answers in the same order."""
    pairs = texts.items() if isinstance(texts, Mapping) else texts
    engagement = question.questionnaire.engagement
    answers = []
    for text, language in pairs:
        response = submit(
            engagement,
            {
                **given(reached="phone", ease="4"),
                question.code: AnswerInput(text=text),
            },
            language=language,
            received_at=engagement.opens_at,
        )
        answers.append(Answer.objects.get(response=response, question=question))
    return answers


def make_result(
    answers: list[Answer],
    themes: Mapping[str, list[int]],
    *,
    reasons: Mapping[int, Reason] | None = None,
    campaigns: Mapping[str, list[int]] | None = None,
    border: Mapping[str, list[int]] | None = None,
) -> Result:
    """What the pipeline would say: ``themes`` holds positions in ``answers`` by code; "T1.2" is a
    part of "T1", whose own positions are those no part has. Each answer is one passage; one in no
    theme has a reason, "fits no theme" unless given. The first two of each theme are its quotes,
    those of ``border`` the ones that show where it ends."""
    place = {at: code for code, members in themes.items() for at in members}
    languages = [PipelineLanguage(answer.response.language) for answer in answers]

    def inside(code: str) -> list[int]:
        return [at for at, c in place.items() if c == code or c.startswith(f"{code}.")]

    def counted(positions: list[int]) -> dict[str, int]:
        return {
            language.value: sum(languages[at] == language for at in positions)
            for language in (PipelineLanguage.EN, PipelineLanguage.FR)
        }

    sure = Confidence(Level.HIGH, Why("theme_alike", {"size": 20, "percent": 90}), 0.9)
    return Result(
        themes=tuple(
            ThemeProposal(
                code=code,
                name_en=f"Proposal {code}",
                name_fr=f"Proposition {code}",
                description_en=f"About {code}.",
                description_fr=f"Sur {code}.",
                keywords_en=("wait", "counter"),
                keywords_fr=("attente", "comptoir"),
                size=len(inside(code)),
                passages=len(inside(code)),
                languages=counted(inside(code)),
                confidence=sure,
                quotes=tuple(
                    Quote(
                        str(answers[at].pk),
                        0,
                        len(answers[at].text),
                        answers[at].text,
                        languages[at],
                        is_border,
                    )
                    for positions, is_border in (
                        (inside(code)[:2], False),
                        ((border or {}).get(code, []), True),
                    )
                    for at in positions
                ),
                parent=code.rpartition(".")[0] or None,
            )
            for code in themes
        ),
        assignments=tuple(
            PassageAssignment(
                document_id=str(answer.pk),
                start=0,
                end=len(answer.text),
                text=answer.text,
                language=languages[at],
                theme=place.get(at),
                main=at in place,
                score=round(0.5 + 0.4 * at / len(answers), 3) if at in place else 0.0,
                reason=None if at in place else (reasons or {}).get(at, Reason.FITS_NO_THEME),
            )
            for at, answer in enumerate(answers)
        ),
        campaigns=tuple(
            LetterCampaign(
                code=code,
                representative=str(answers[members[0]].pk),
                document_ids=tuple(str(answers[at].pk) for at in members),
                languages=counted(members),
            )
            for code, members in (campaigns or {}).items()
        ),
        confidence=Confidence(
            Level.HIGH, Why("themes_well_apart", {"passages": 900, "percent": 90}), 0.9
        ),
        metrics={"n": float(len(answers))},
        config={"seed": 0},
        versions={"numpy": "2"},
        corpus_digest="0" * 64,
        timings={"prepare": 0.1},
    )


def make_run(question: Question, result: Result | None = None, **fields: Any) -> AnalysisRun:
    """A run that waits; with a result, one that has succeeded with it."""
    run = AnalysisRun.objects.create(question=question, **fields)
    if result is not None:
        assert run_claim(run.pk)
        run.refresh_from_db()
        run_store_result(run=run, result=result)
        run.refresh_from_db()
    return run


# --- cms ---------------------------------------------------------------------------------------


def make_site() -> Any:
    """Both home pages, published: ``pairs.Pair``. Each test finds them in its database."""
    from cms.pages.services.site import site_prepare

    return site_prepare(hostname="testserver")


def no_site() -> None:
    """No home page and no site, as after the migrations of a new installation."""
    from cms.pages.models import HomePage
    from cms.publishing import gate

    homes = list(HomePage.objects.all())
    with transaction.atomic(), gate.open_for(*homes):
        for home in homes:
            home.delete()


def page_texts(language: str) -> dict[str, Any]:
    """Everything a consultation page must say, really said in its language."""
    if language == "fr":
        return {
            "title": "Des services dans votre langue : faites-nous part de vos commentaires",
            "slug": "services-votre-langue",
            "short_title": "Des services dans votre langue",
            "lead": "Nous devons choisir les services à offrir d'abord en ligne.",
            "why": "<p>Au printemps, le ministère choisira douze services à refaire.</p>",
            "how_used": "<p>Chaque réponse est lue par une personne.</p>",
            "who_decides": "La sous-ministre du Gouvernement numérique",
            "other_ways": "<p>Par téléphone, en français ou en anglais.</p>",
            "contact": "<p>Écrivez-nous quand vous voulez.</p>",
        }
    return {
        "title": "Services in your language: share your thoughts",
        "slug": "services-your-language",
        "short_title": "Services in your language",
        "lead": "We are deciding which services move online first.",
        "why": "<p>In spring the department will choose twelve services to rebuild.</p>",
        "how_used": "<p>Every answer is read by a person.</p>",
        "who_decides": "The Deputy Minister of Digital Government",
        "other_ways": "<p>By phone, in English or in French.</p>",
        "contact": "<p>Write to us whenever you like.</p>",
    }


def make_pages(engagement: Engagement | None = None, *, published: bool = True) -> Any:
    """The two pages of an engagement under the home pages: ``pairs.Pair``."""
    from cms.pages.models import ConsultationPage, SurveyPage
    from cms.publishing.services.pairs import pair_create, pair_publish

    engagement = engagement or make_engagement()
    model = SurveyPage if engagement.kind == EngagementKind.SURVEY else ConsultationPage
    texts = {language: page_texts(language) for language in ("en", "fr")}
    for words in texts.values():
        words["slug"] += f"-{engagement.pk}"
    pair = pair_create(
        parent=make_site().english,
        english=model(engagement=engagement, **texts["en"]),
        french=model(engagement=engagement, **texts["fr"]),
    )
    if published:
        pair = pair_publish(page=pair.english, user=None, checks_permission=False)
    return pair
