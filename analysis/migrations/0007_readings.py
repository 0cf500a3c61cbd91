"""What chunks find when they read answers is kept with them until their run ends."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0006_quotes_of_candidates"),
    ]

    operations = [
        migrations.AddField(
            model_name="runchunk",
            name="made",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="runchunk",
            name="stage",
            field=models.CharField(
                choices=[
                    ("read", "Reading answers one by one"),
                    ("embed", "Placing passages by what they mean"),
                ],
                max_length=10,
            ),
        ),
        # A run shared out in the old way is shared out anew; vectors made are kept.
        migrations.RunSQL(
            "DELETE FROM analysis_runchunk; UPDATE analysis_analysisrun "
            "SET status = 'queued', enqueued_at = NULL WHERE status = 'spread'",
            migrations.RunSQL.noop,
        ),
    ]
