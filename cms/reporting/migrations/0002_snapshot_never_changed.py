"""The database's own share of a promise: no snapshot is ever changed."""

from django.db import migrations

NEVER_CHANGED = """
CREATE FUNCTION snapshot_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a snapshot of findings is never changed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'snapshot_never_changed';
END $$;

CREATE TRIGGER snapshot_never_changed BEFORE UPDATE ON reporting_findingssnapshot
    FOR EACH ROW EXECUTE FUNCTION snapshot_never_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [
        migrations.RunSQL(
            NEVER_CHANGED,
            """
            DROP TRIGGER snapshot_never_changed ON reporting_findingssnapshot;
            DROP FUNCTION snapshot_never_changed();
            """,
        ),
    ]
