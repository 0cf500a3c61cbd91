"""Answers that come after a run join its themes; what they need for that is kept with the run."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0004_reasons_of_warnings"),
    ]

    operations = [
        migrations.AddField(
            model_name="analysisrun",
            name="extends",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="additions",
                to="analysis.analysisrun",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="addition",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="added",
                to="analysis.analysisrun",
            ),
        ),
        migrations.AlterField(
            model_name="analysisrun",
            name="error",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_text", "No one has answered this question in words."),
                    (
                        "worker_lost",
                        "The worker stopped three times before the run was done. It may need more memory.",
                    ),
                    ("out_of_memory", "The worker ran out of memory."),
                    ("out_of_time", "The run took longer than the longest time allowed."),
                    ("bad_config", "The settings of this run do not fit this version."),
                    (
                        "no_embedder",
                        "The language model the site is set to use cannot be loaded on the worker.",
                    ),
                    (
                        "other_themes",
                        "The themes were made with another language model or version. Group all answers again.",
                    ),
                    (
                        "too_many",
                        "Too many answers could not be processed. The fault is not in the answers.",
                    ),
                    (
                        "unexpected",
                        "Something went wrong that we did not foresee. The details are in the log.",
                    ),
                ],
                max_length=40,
            ),
        ),
        migrations.CreateModel(
            name="RunState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("payload", models.BinaryField()),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="state",
                        to="analysis.analysisrun",
                    ),
                ),
            ],
        ),
    ]
