"""Wagtail's own words that we say anew in French, since its translation lacks them or speaks to
nobody: "un(e)", "créé(e)", "ce(tte)". Our catalogue lies over Wagtail's; here the messages are named, so that they are
collected, and a test finds the next one.

And the labels of its forms that no catalogue reaches: they are translated when Wagtail is loaded, or
made of the name of a field.
"""

# ruff: noqa: E501

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy, ngettext_lazy
from django.utils.translation import gettext_noop as _
from wagtail.admin.forms import choosers
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.images.forms import ImageInsertionForm

SAID_ANEW: Final[tuple[Any, ...]] = (
    _("Admin"),
    _("Any"),
    _("Mark as active"),
    _("New: %(model_name)s"),
    _(
        "Pages created here will not be accessible at any URL. To add pages to an existing site, create them as children of the homepage."
    ),
    _("None"),
    _("Are you sure you want to unpublish this %(model_name)s?"),
    _(
        "This %(model_name)s was marked as needing changes at <strong>%(task)s</strong> in <strong>%(workflow)s</strong>."
    ),
    _(
        "This %(model_name)s is currently at <strong>%(task)s</strong> in <strong>%(workflow)s</strong>."
    ),
    _("Publishing this %(model_name)s will cancel the current workflow."),
    _("Would you still like to publish this %(model_name)s?"),
    _('The %(model_name)s "%(title)s" has been approved in moderation stage "%(task)s".'),
    _('The %(model_name)s "%(title)s" has been approved in "%(task)s".'),
    _('The %(model_name)s "%(title)s" has been rejected in moderation stage "%(task)s".'),
    _('The %(model_name)s "%(title)s" has been rejected during "%(task)s".'),
    _(
        'The %(model_name)s "%(title)s" has been submitted for approval in moderation stage "%(task)s".'
    ),
    _("You can preview the %(model_name)s here:"),
    _(
        'The %(model_name)s "%(title)s" has been submitted for approval to moderation stage "%(task)s".'
    ),
    _(
        'The %(model_name)s "%(title)s" has been submitted for approval in moderation stage "%(task)s"'
    ),
    _('The %(model_name)s "%(title)s" has been approved in workflow "%(workflow)s".'),
    _('The %(model_name)s "%(title)s" has been approved in "%(workflow)s".'),
    _(
        'The %(model_name)s "%(title)s" has been rejected during "%(task)s" in workflow "%(workflow)s" by %(rejector)s.'
    ),
    _(
        'The %(model_name)s "%(title)s" has been rejected during "%(task)s" in workflow "%(workflow)s".'
    ),
    _('The %(model_name)s "%(title)s" has been rejected during "%(workflow)s".'),
    _(
        'The %(model_name)s "%(title)s" has been submitted for moderation to workflow "%(workflow)s" by %(requester)s.'
    ),
    _(
        'The %(model_name)s "%(title)s" has been submitted for moderation to workflow "%(workflow)s".'
    ),
    _('The %(model_name)s "%(title)s" has been submitted to workflow "%(workflow)s"'),
    _("Are you sure you want to delete these pages?"),
    _("Are you sure you want to move these pages?"),
    _("Are you sure you want to publish these pages?"),
    _("Are you sure you want to unpublish these pages?"),
    _("Are you sure you want to convert this alias into an ordinary page?"),
    _("Are you sure you want to delete this page?"),
    _("Are you sure you want to move this page into '%(title)s'?"),
    _("Are you sure you want to move this page and all of its children into '%(title)s'?"),
    _("Are you sure you want to unpublish this page?"),
    _("Would you still like to publish this page?"),
    _("Add %(label)s"),
    _("Choose when this %(model_name)s should go live and/or expire"),
    _("Locked by <b>you</b> at <b>%(locking_date)s</b>"),
    _("Locked by <b>%(locked_by)s</b> at <b>%(locking_date)s</b>"),
    _("Locked at <b>%(locking_date)s</b>"),
    _("Unlocked"),
    _("Anyone can edit this %(model_name)s – lock it to prevent others from editing"),
    _("Anyone can edit this %(model_name)s"),
    ngettext_lazy("Used %(usage_count)s time", "Used %(usage_count)s times", "n"),
    ngettext_lazy(
        "This %(model_name)s is referenced %(usage_count)s time.",
        "This %(model_name)s is referenced %(usage_count)s times.",
        "n",
    ),
    _("One or more references to this %(model_name)s prevent it from being deleted."),
    _("This %(model_name)s hasn't been submitted for moderation yet"),
    _(
        "This workflow is currently in progress on %(workflow_states_in_progress)s pages. Deleting this workflow will cancel moderation on these page. Are you sure you want to delete this workflow?"
    ),
    _("Are you sure you want to disable this workflow?"),
    _("Are you sure you want to disable this task?"),
    _("Disabled"),
    _(
        'Why not <a class="create-one-now" href="#tab-new" data-action="w-tabs#select:prevent" data-w-tabs-target="trigger" data-w-tabs-focus-param="true">create one now</a>?'
    ),
    _("Published"),
    ngettext_lazy("Referenced %(count)s time", "Referenced %(count)s times", "n"),
    _("Are you sure you want to delete this collection?"),
    _("No %(model_name)s match your query."),
    _("%(model_name)s '%(title)s' is now unlocked."),
    _("%(model_name)s '%(object)s' updated."),
    _("%(model_name)s '%(object)s' created."),
    _("%(model_name)s '%(object)s' created and scheduled for publishing."),
    _("%(model_name)s '%(object)s' is live and this version has been scheduled for publishing."),
    _("%(model_name)s '%(object)s' updated and published."),
    _("%(model_name)s '%(object)s' created and published."),
    _("%(model_name)s '%(object)s' has been submitted for moderation."),
    _("%(model_name)s '%(object)s' created and submitted for moderation."),
    _("The %(model_name)s could not be saved as it is locked"),
    _(
        "You are viewing a previous version of this %(model_name)s from <b>%(created_at)s</b> by %(user)s"
    ),
    _("%(model_name)s '%(object)s' has been replaced with version from %(timestamp)s."),
    _(
        "Version from %(timestamp)s of %(model_name)s '%(object)s' has been scheduled for publishing."
    ),
    _("Add %(model_name)s"),
    _("The %(model_name)s could not be created due to errors."),
    _("The %(model_name)s could not be saved due to errors."),
    _("%(model_name)s '%(object)s' deleted."),
    _("Are you sure you want to delete this %(model_name)s?"),
    _("'%(object)s' unpublished."),
    _('Version %(revision_id)s of "%(object)s" unscheduled.'),
    _("(Private %(object)s)"),
    _("Edit this %(object)s"),
    _("Create a new %(model_name)s"),
    _("Choose another"),
    ngettext_lazy(
        "Are you sure you want to tag the following document?",
        "Are you sure you want to tag the following documents?",
        "n",
    ),
    ngettext_lazy(
        "Are you sure you want to add the following document to the selected collection?",
        "Are you sure you want to add the following documents to the selected collection?",
        "n",
    ),
    ngettext_lazy(
        "Are you sure you want to delete this document?",
        "Are you sure you want to delete these documents?",
        "n",
    ),
    _(
        'Why not <a class="upload-one-now" href="#tab-upload" data-action="w-tabs#select:prevent" data-w-tabs-target="trigger" data-w-tabs-focus-param="true">upload one now</a>?'
    ),
    _("Created"),
    ngettext_lazy(
        "Are you sure you want to tag the following image?",
        "Are you sure you want to tag the following images?",
        "n",
    ),
    ngettext_lazy(
        "Are you sure you want to add the following image to the selected collection?",
        "Are you sure you want to add the following images to the selected collection?",
        "n",
    ),
    ngettext_lazy(
        "Are you sure you want to delete this image?",
        "Are you sure you want to delete these images?",
        "n",
    ),
    _("Oldest"),
    _("Are you sure you want to delete this group?"),
    _("Locked"),
    ngettext_lazy("%(count)d %(model_name)s deleted.", "%(count)d %(model_name)s deleted.", "n"),
    _("Are you sure you want to delete this %(snippet_type_name)s?"),
    _("Are you sure you want to delete %(count)s %(snippet_type_name)s?"),
    _("You don't have permission to delete this %(snippet_type_name)s"),
    _("Are you sure you want to delete this locale?"),
    _("Are you sure you want to delete this site?"),
    _("No one can make changes while the %(model_name)s is locked"),
    _("<b>'{title}' was locked</b> by <b>you</b> on <b>{datetime}</b>."),
    _("<b>'{title}' is locked</b> by <b>you</b>."),
    _("<b>'{title}' was locked</b> by <b>{user}</b> on <b>{datetime}</b>."),
    _("<b>'{title}' is locked</b>."),
    _("Locked by you"),
    _("Locked by another user"),
    _("Only you can make changes while the %(model_name)s is locked"),
    _("Only %(user)s can make changes while the %(model_name)s is locked"),
    _("This %(model_name)s is currently awaiting moderation."),
    _(
        "This {model_name} is awaiting <b>'{task_name}'</b> in the <b>'{workflow_name}'</b> workflow."
    ),
    _("Only reviewers for this task can edit the %(model_name)s."),
    _("Locked by workflow"),
    _("Reviewers can edit this %(model_name)s – lock it to prevent other reviewers from editing"),
    _("{model_name} '{title}' is locked and has been scheduled to go live at {datetime}"),
    _("Locked by schedule"),
    _("Currently locked and will go live on the scheduled date"),
    _("Unknown %(action)s"),
    _("Cannot overwrite a revision that is not the latest for this %(model_name)s."),
    _("the %(model_name)s will also be deleted"),
    _("will be set to the default %(model_name)s"),
    _("will be set to a %(model_name)s specified by the system"),
    _("Moved"),
    _("Reordered under '%(parent)s'"),
    _("Reordered"),
    _("Are you sure you want to delete this redirect?"),
)

LABELS: Final = {
    "alt_text": gettext_lazy("Alternative text"),
    "body": gettext_lazy("Message"),
    "email_address": gettext_lazy("Email address"),
    "format": gettext_lazy("Format"),
    "image_is_decorative": gettext_lazy("The image is decorative"),
    "link_text": gettext_lazy("Link text"),
    "phone_number": gettext_lazy("Telephone number"),
    "subject": gettext_lazy("Subject"),
}


def labels_translate() -> None:
    """For ``AppConfig.ready``."""
    ChooserViewSet.search_tab_label = gettext_lazy("Search")
    for form in (
        choosers.AnchorLinkChooserForm,
        choosers.EmailLinkChooserForm,
        choosers.ExternalLinkChooserForm,
        choosers.PhoneLinkChooserForm,
        ImageInsertionForm,
    ):
        for name, field in form.base_fields.items():
            field.label = LABELS.get(name, field.label)
