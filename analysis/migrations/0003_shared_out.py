"""Runs in pieces: chunks any worker can do, answers set aside, vectors kept by text.

Deleting an answer takes its row among those set aside with it, whoever deletes it.
"""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

foreign_key = import_module("analysis.migrations.0002_kept_by_the_database").foreign_key
_SET_ASIDE = ("analysis_setasideanswer", "answer_id", "feedback_answer")


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0002_kept_by_the_database"),
        ("feedback", "0002_structure_frozen_once_answered"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptVector",
            fields=[
                ("key", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("vector", models.BinaryField()),
                ("used_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="RunChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("try", "Reading answers one by one"),
                            ("embed", "Placing passages by what they mean"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("places", models.JSONField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a worker"),
                            ("running", "Running"),
                            ("done", "Done"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("heartbeat_at", models.DateTimeField(null=True)),
                ("is_careful", models.BooleanField(default=False)),
                ("position", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["run", "stage", "number"],
            },
        ),
        migrations.CreateModel(
            name="SetAsideAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("raised", "The software failed on it."),
                            ("killed", "The worker stopped each time it came to it."),
                            ("out_of_time", "It took longer than the longest time allowed."),
                            ("out_of_memory", "It took more memory than a worker may use."),
                        ],
                        max_length=20,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["answer"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="analysisrun",
            name="run_one_at_a_time_per_question",
        ),
        migrations.AddField(
            model_name="analysisrun",
            name="falls",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="analysisrun",
            name="is_careful",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="analysisrun",
            name="last_answer",
            field=models.BigIntegerField(null=True),
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
                        "unexpected",
                        "Something went wrong that we did not foresee. The details are in the log.",
                    ),
                ],
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="analysisrun",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Waiting for a worker"),
                    ("running", "Running"),
                    ("spread", "Running, shared out among the workers"),
                    ("succeeded", "Done"),
                    ("failed", "Failed"),
                ],
                default="queued",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="analysisrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("queued", "running", "spread"))),
                fields=("question",),
                name="run_one_at_a_time_per_question",
            ),
        ),
        migrations.AddIndex(
            model_name="keptvector",
            index=models.Index(fields=["used_on"], name="kept_vector_by_age"),
        ),
        migrations.AddField(
            model_name="runchunk",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="chunks",
                to="analysis.analysisrun",
            ),
        ),
        migrations.AddField(
            model_name="setasideanswer",
            name="answer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="feedback.answer"
            ),
        ),
        migrations.AddField(
            model_name="setasideanswer",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="set_aside",
                to="analysis.analysisrun",
            ),
        ),
        migrations.AddConstraint(
            model_name="runchunk",
            constraint=models.UniqueConstraint(
                fields=("run", "stage", "number"), name="chunk_number_unique_in_stage"
            ),
        ),
        migrations.AddConstraint(
            model_name="setasideanswer",
            constraint=models.UniqueConstraint(
                fields=("run", "answer"), name="set_aside_once_a_run"
            ),
        ),
        migrations.RunSQL(
            foreign_key(*_SET_ASIDE, "ON DELETE CASCADE"),
            foreign_key(*_SET_ASIDE, ""),
        ),
    ]
