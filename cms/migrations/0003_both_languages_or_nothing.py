"""The database's own share of two promises: no page live alone, no snapshot ever changed."""

from django.db import migrations

# Deferred to the commit, so that two pages may go live one after the other in one transaction.
# Pages of other apps (the root, a page of an extension) are none of its business.
BOTH_OR_NOTHING = """
CREATE FUNCTION cms_both_languages_or_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid;
    alone boolean;
BEGIN
    FOREACH touched IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.translation_key]
        WHEN 'DELETE' THEN ARRAY[OLD.translation_key]
        ELSE ARRAY[OLD.translation_key, NEW.translation_key]
    END LOOP
        SELECT count(*) FILTER (WHERE page.live) = 1 INTO alone
        FROM wagtailcore_page page
        JOIN django_content_type kind ON kind.id = page.content_type_id
        WHERE page.translation_key = touched AND kind.app_label = 'cms';
        IF alone THEN
            RAISE EXCEPTION 'page % would be live in one language alone', touched
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'cms_both_languages_or_nothing';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER cms_both_languages_or_nothing
    AFTER INSERT OR DELETE OR UPDATE OF live, translation_key, locale_id ON wagtailcore_page
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cms_both_languages_or_nothing();
"""

NEVER_CHANGED = """
CREATE FUNCTION cms_snapshot_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a snapshot of findings is never changed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cms_snapshot_never_changed';
END $$;

CREATE TRIGGER cms_snapshot_never_changed BEFORE UPDATE ON cms_findingssnapshot
    FOR EACH ROW EXECUTE FUNCTION cms_snapshot_never_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("cms", "0002_pages")]

    operations = [
        migrations.RunSQL(
            BOTH_OR_NOTHING,
            """
            DROP TRIGGER cms_both_languages_or_nothing ON wagtailcore_page;
            DROP FUNCTION cms_both_languages_or_nothing();
            """,
        ),
        migrations.RunSQL(
            NEVER_CHANGED,
            """
            DROP TRIGGER cms_snapshot_never_changed ON cms_findingssnapshot;
            DROP FUNCTION cms_snapshot_never_changed();
            """,
        ),
    ]
