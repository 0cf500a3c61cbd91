"""Warnings carry their reason in both languages; a proposal says in which languages it lacks a name.

The reasons of earlier runs are the sentences their desk showed.
"""

from django.db import migrations, models

REASONS = {
    "overlaps": (
        "Many of its passages could as well be in another group.",
        "Plusieurs de ses passages pourraient aussi bien relever d'un autre groupe.",
    ),
    "tiny": ("Very few people said this.", "Très peu de gens l'ont dit."),
    "vague": (
        "It changes when some of the answers are left out.",
        "Il change quand on retire quelques réponses.",
    ),
    "one_language": (
        "Look for the same thing said in the other language.",
        "Cherchez si la même chose est dite dans l'autre langue.",
    ),
}


def with_reasons(apps, schema_editor):
    candidates = apps.get_model("analysis", "CandidateTheme").objects.exclude(warnings=[])
    for candidate in candidates.iterator():
        candidate.warnings = [
            {
                "kind": kind,
                "reason_en": REASONS.get(kind, ("", ""))[0],
                "reason_fr": REASONS.get(kind, ("", ""))[1],
                "themes": [],
            }
            for kind in candidate.warnings
        ]
        candidate.save(update_fields=["warnings"])


def without_reasons(apps, schema_editor):
    candidates = apps.get_model("analysis", "CandidateTheme").objects.exclude(warnings=[])
    for candidate in candidates.iterator():
        candidate.warnings = [warning["kind"] for warning in candidate.warnings]
        candidate.save(update_fields=["warnings"])


class Migration(migrations.Migration):
    dependencies = [("analysis", "0003_shared_out")]

    operations = [
        migrations.AddField(
            model_name="candidatetheme",
            name="unnamed",
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(with_reasons, without_reasons),
    ]
