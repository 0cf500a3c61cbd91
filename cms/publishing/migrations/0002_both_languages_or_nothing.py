"""The database's own share of a promise: no page is ever live in one language alone."""

from django.db import migrations

# Deferred to the commit, so that two pages may go live one after the other in one transaction.
# Pages of other apps (the root, a page of an extension) are none of its business; a test holds the
# list of ours against the kinds of page there are.
BOTH_OR_NOTHING = """
CREATE FUNCTION both_languages_or_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
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
        WHERE page.translation_key = touched AND kind.app_label IN ('pages', 'reporting');
        IF alone THEN
            RAISE EXCEPTION 'page % would be live in one language alone', touched
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'both_languages_or_nothing';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER both_languages_or_nothing
    AFTER INSERT OR DELETE OR UPDATE OF live, translation_key, locale_id ON wagtailcore_page
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION both_languages_or_nothing();
"""

class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.RunSQL(
            BOTH_OR_NOTHING,
            """
            DROP TRIGGER both_languages_or_nothing ON wagtailcore_page;
            DROP FUNCTION both_languages_or_nothing();
            """,
        ),
    ]
