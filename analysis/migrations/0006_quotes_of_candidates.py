"""A proposal keeps the quotes the machine chose for it, in their order.

On the assignment they were flags, which a theme and its parts had to share: what stands at the border
of a part need not stand at that of the whole. The quotes of earlier runs go to the group their
passage is in.
"""

from django.db import migrations, models


def to_candidates(apps, schema_editor):
    rows = (
        apps.get_model("analysis", "Assignment")
        .objects.filter(candidate__isnull=False)
        .filter(models.Q(is_quote=True) | models.Q(is_border=True))
        .order_by("candidate", "is_border", "-score", "pk")
    )
    quotes = {}
    for candidate, passage, border in rows.values_list("candidate", "passage", "is_border"):
        quotes.setdefault(candidate, []).append({"passage": passage, "border": border})
    candidates = apps.get_model("analysis", "CandidateTheme").objects
    for pk, found in quotes.items():
        candidates.filter(pk=pk).update(quotes=found)


def to_assignments(apps, schema_editor):
    assignments = apps.get_model("analysis", "Assignment").objects
    candidates = apps.get_model("analysis", "CandidateTheme").objects.exclude(quotes=[])
    for run, quotes in candidates.values_list("run", "quotes"):
        for border, column in ((False, "is_quote"), (True, "is_border")):
            passages = [quote["passage"] for quote in quotes if quote["border"] == border]
            assignments.filter(run=run, passage__in=passages).update(**{column: True})


class Migration(migrations.Migration):
    dependencies = [("analysis", "0005_additions")]

    operations = [
        migrations.AddField(
            model_name="candidatetheme",
            name="quotes",
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(to_candidates, to_assignments),
        migrations.RemoveField(model_name="assignment", name="is_quote"),
        migrations.RemoveField(model_name="assignment", name="is_border"),
    ]
