"""Wagtail's own workflow goes: it asks a group that can open no department's page, and would lock
the page for everybody else."""

from typing import Any

from django.db import migrations


def group_approval_remove(apps: Any, schema_editor: Any) -> None:
    """What Wagtail's migration 0048 made, and nothing that people made since."""
    name = "Moderators approval"
    tasks = apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(name=name)
    apps.get_model("wagtailcore", "Workflow").objects.filter(
        name=name, workflow_tasks__task__in=tasks.values("pk")
    ).delete()
    tasks.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("approval", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(group_approval_remove, migrations.RunPython.noop)]
