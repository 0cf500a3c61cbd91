"""Triggers: an entry of the audit log is written once, whoever writes to the database.

* An entry is neither changed nor deleted; once, its place and its seal are filled.
* The head of the chain only goes on.
* TRUNCATE is refused for both.
"""

from django.db import migrations

WRITTEN_ONCE = """
CREATE FUNCTION audit_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.place IS NULL THEN RETURN NEW; END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.place IS NULL AND NEW.place IS NOT NULL
           AND to_jsonb(NEW) - 'place' - 'seal' = to_jsonb(OLD) - 'place' - 'seal'
        THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'An entry of the audit log is written once.'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER audit_entry_written_once
    BEFORE INSERT OR UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_written_once();
CREATE TRIGGER audit_entry_never_emptied
    BEFORE TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_written_once();

CREATE FUNCTION audit_head_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.place > OLD.place THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'The head of the audit log only goes on.'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END
$$;
INSERT INTO audit_audithead (id, place, seal) VALUES (1, 0, '');
CREATE TRIGGER audit_head_goes_on
    BEFORE UPDATE OR DELETE ON audit_audithead
    FOR EACH ROW EXECUTE FUNCTION audit_head_goes_on();
CREATE TRIGGER audit_head_never_emptied
    BEFORE TRUNCATE ON audit_audithead
    FOR EACH STATEMENT EXECUTE FUNCTION audit_head_goes_on();
"""

WRITTEN_ONCE_BACK = """
DROP TRIGGER audit_head_never_emptied ON audit_audithead;
DROP TRIGGER audit_head_goes_on ON audit_audithead;
DROP FUNCTION audit_head_goes_on();
DELETE FROM audit_audithead;
DROP TRIGGER audit_entry_never_emptied ON audit_auditentry;
DROP TRIGGER audit_entry_written_once ON audit_auditentry;
DROP FUNCTION audit_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(WRITTEN_ONCE, WRITTEN_ONCE_BACK)]
