"""Pages of one department are not another's to write."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from cms.pages.models import ConsultationPage, HomePage
from feedback.people.enums import Role
from feedback.people.models import Membership
from tests.factories import (
    make_department,
    make_engagement,
    make_pages,
    make_site,
    make_superuser,
    make_user,
    page_texts,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    make_site()
    return make_department()


@pytest.fixture
def pair(department):
    return make_pages(make_engagement(department))


def edit_url(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.APPROVER])
def test_those_who_write_open_the_editor_and_the_comparison(client, department, pair, role):
    client.force_login(make_user(department, role))
    for page in pair.pages:
        assert client.get(edit_url(page)).status_code == 200
        assert client.get(reverse("cms_pair", args=[page.pk])).status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_other_department_cannot_open_edit_delete_or_publish(client, pair, role):
    client.force_login(make_user(make_department(), role))
    for page in pair.pages:
        assert client.get(edit_url(page)).status_code != 200
        assert client.post(edit_url(page), {"action-publish": "1"}).status_code != 200
        for action in ("unpublish", "delete"):
            url = reverse(f"wagtailadmin_pages:{action}", args=[page.pk])
            assert client.post(url).status_code == 404
    assert client.get(reverse("cms_pair", args=[pair.english.pk])).status_code == 404
    assert ConsultationPage.objects.filter(live=True).count() == 2


def test_analyst_writes_no_pages(client, department, pair):
    client.force_login(make_user(department, Role.ANALYST))
    assert client.get(edit_url(pair.english)).status_code != 200


def test_explorer_shows_only_own_departments(client, department, pair):
    client.force_login(make_user(make_department(), Role.AUTHOR))
    url = reverse("wagtailadmin_explore", args=[make_site().english.pk])
    assert pair.english.title not in client.get(url).content.decode()
    client.force_login(make_user(department, Role.AUTHOR))
    assert pair.english.title in client.get(url).content.decode()


def test_author_does_not_publish(client, department):
    pair = make_pages(make_engagement(department), published=False)
    client.force_login(make_user(department, Role.AUTHOR))
    url = reverse("cms_pair", args=[pair.english.pk])
    assert client.post(url, {"action": "publish"}).status_code == 403
    assert not ConsultationPage.objects.filter(live=True).exists()


def test_approver_publishes_from_the_comparison(client, department):
    pair = make_pages(make_engagement(department), published=False)
    client.force_login(make_user(department, Role.APPROVER))
    client.post(reverse("cms_pair", args=[pair.english.pk]), {"action": "publish"})
    assert ConsultationPage.objects.filter(live=True).count() == 2


def test_comparison_names_each_problem_in_the_language_of_staff(client, department):
    pair = make_pages(make_engagement(department), published=False)
    draft = pair.french.get_latest_revision_as_object()
    draft.other_ways = ""
    draft.save_revision(clean=False)
    user = make_user(department, Role.APPROVER)
    client.force_login(user)
    from wagtail.users.models import UserProfile

    said = {}
    for language in ("en", "fr"):
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
        html = client.get(reverse("cms_pair", args=[pair.english.pk])).content.decode()
        said[language] = html
    assert "is empty in the French version" in said["en"]
    assert "est vide dans la version française" in said["fr"]


def test_home_page_is_the_administrators(client, department):
    home = make_site().english
    client.force_login(make_user(department, Role.APPROVER))
    assert client.get(edit_url(home)).status_code != 200
    client.force_login(make_superuser())
    assert client.get(edit_url(home)).status_code == 200


def test_no_history_is_offered_that_is_then_refused(client, department, pair):
    client.force_login(make_user(department, Role.AUTHOR))
    for page, is_theirs in ((pair.english, True), (pair.english.get_parent(), False)):
        history = reverse("wagtailadmin_pages:history", args=[page.pk])
        listed = client.get(reverse("wagtailadmin_explore", args=[page.pk])).content.decode()
        assert (history in listed) is is_theirs
        assert (client.get(history).status_code == 200) is is_theirs


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.APPROVER, None])
def test_where_nothing_changed_nothing_is_sent_or_published(client, department, pair, role):
    user = make_superuser() if role is None else make_user(department, role)
    make_user(department, Role.APPROVER, username="another")
    client.force_login(user)
    where = reverse("cms_pair", args=[pair.english.pk])
    shown = client.get(where).content.decode()
    assert "Readers see both pages as they stand below." in shown
    assert 'value="send"' not in shown
    assert 'value="publish"' not in shown
    for page in pair.pages:
        draft = page.get_latest_revision_as_object()
        draft.short_title += "!"
        draft.save_revision(user=user)
    shown = client.get(where).content.decode()
    assert "the drafts below are not public" in shown
    assert 'value="send"' in shown


def test_page_begun_in_one_language_is_begun_in_the_other(client, department):
    engagement = make_engagement(department)
    make_engagement(make_department(), title_en="Not ours")
    client.force_login(make_user(department, Role.AUTHOR))
    url = reverse("wagtailadmin_pages:add", args=["pages", "consultationpage", HomePage.objects.get(
        locale__language_code="fr").pk])  # fmt: skip
    form = client.get(url).content.decode()
    assert "Not ours" not in form
    rich = '{"blocks":[{"key":"a","text":"%s","type":"unstyled","depth":0,' \
        '"inlineStyleRanges":[],"entityRanges":[]}],"entityMap":{}}'  # fmt: skip
    texts = page_texts("fr")
    data = {
        **texts,
        **dict.fromkeys(("why", "how_used", "other_ways", "contact"), rich % "Des mots."),
        "engagement": engagement.pk,
        "next_steps-count": 0,
        "documents-count": 0,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    response = client.post(url, data)
    assert response.status_code == 302, response.content.decode()[:3000]
    pages = {page.language: page for page in ConsultationPage.objects.all()}
    assert set(pages) == {"en", "fr"}
    assert pages["en"].translation_key == pages["fr"].translation_key
    assert not any(page.live for page in pages.values())


def test_membership_given_and_taken_moves_between_groups(department):
    user = make_user()
    membership = Membership.objects.create(user=user, department=department, role=Role.APPROVER)
    assert user.groups.filter(name="Consult approvers").exists()
    membership.delete()
    assert not user.groups.exists()
    assert Group.objects.filter(name="Consult approvers").exists()


def test_membership_that_no_signal_told_counts_from_the_next_sign_in(client, department):
    user = make_user()
    row = Membership(user=user, department=department, role=Role.AUTHOR)
    # Our own code is refused that; a restored table or a statement in SQL is not.
    Membership._base_manager.bulk_create([row])
    assert client.login(username=user.username, password="correct horse battery")
    assert user.groups.filter(name="Consult authors").exists()
