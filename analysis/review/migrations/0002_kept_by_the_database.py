"""What the database itself guarantees, whoever writes to it.

* A review event can be neither changed nor deleted.
* Whether a theme was proposed by the software or made by hand never changes.
* Deleting an answer takes its passages, their assignments and its row among those set aside with
  it, also when the DELETE does not come from Django or passes a run that is writing at that moment.
"""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION review_reviewevent_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A review event is never changed and never deleted.'
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER reviewevent_append_only
    BEFORE UPDATE OR DELETE ON review_reviewevent
    FOR EACH ROW EXECUTE FUNCTION review_reviewevent_append_only();
"""

APPEND_ONLY_BACK = """
DROP TRIGGER reviewevent_append_only ON review_reviewevent;
DROP FUNCTION review_reviewevent_append_only();
"""


ORIGIN = """
CREATE FUNCTION review_theme_origin_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Who thought of a theme never changes.' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER theme_origin_kept
    BEFORE UPDATE OF origin ON review_theme
    FOR EACH ROW WHEN (OLD.origin IS DISTINCT FROM NEW.origin)
    EXECUTE FUNCTION review_theme_origin_kept();
"""

ORIGIN_BACK = """
DROP TRIGGER theme_origin_kept ON review_theme;
DROP FUNCTION review_theme_origin_kept();
"""


def foreign_key(table: str, column: str, target: str, on_delete: str) -> str:
    """SQL that makes Django's foreign key again, under its own name, with this ON DELETE."""
    return f"""
DO $$
DECLARE
    name text;
BEGIN
    SELECT c.conname INTO STRICT name
      FROM pg_constraint c
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
     WHERE c.contype = 'f' AND c.conrelid = '{table}'::regclass AND a.attname = '{column}';
    EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', name);
    EXECUTE format(
        'ALTER TABLE {table} ADD CONSTRAINT %I FOREIGN KEY ({column}) REFERENCES {target} (id) '
        '{on_delete} DEFERRABLE INITIALLY DEFERRED', name);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial"), ("answering", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_BACK),
        migrations.RunSQL(ORIGIN, ORIGIN_BACK),
        *[
            migrations.RunSQL(
                foreign_key(table, column, target, "ON DELETE CASCADE"),
                foreign_key(table, column, target, ""),
            )
            for table, column, target in (
                ("review_passage", "answer_id", "answering_answer"),
                ("review_assignment", "passage_id", "review_passage"),
                ("review_setasideanswer", "answer_id", "answering_answer"),
            )
        ],
    ]
