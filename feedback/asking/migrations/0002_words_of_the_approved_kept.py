"""Triggers: what the public has before it is never blank, never changed without a record.

The services hold to the same with messages; these hold whoever asks, also raw SQL and
`QuerySet.update`.

* Approving needs a privacy notice in both languages; once approved it is never blanked, and a
  questionnaire is not deleted.
* A change of an approved title, question, hint, page title, label or notice brings an
  EngagementChange along in its transaction, or is refused at commit.
* A notice that is replaced is kept with the version it belonged to, and the version is raised.
* EngagementChange and QuestionnaireWording are append-only.
"""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION asking_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % is never changed and never deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER wording_append_only
    BEFORE UPDATE OR DELETE ON asking_questionnairewording
    FOR EACH ROW EXECUTE FUNCTION asking_append_only();
CREATE TRIGGER engagement_change_append_only
    BEFORE UPDATE OR DELETE ON asking_engagementchange
    FOR EACH ROW EXECUTE FUNCTION asking_append_only();

CREATE FUNCTION asking_change_of_this_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.transaction := txid_current();
    RETURN NEW;
END
$$;
CREATE TRIGGER engagement_change_of_this_transaction
    BEFORE INSERT ON asking_engagementchange
    FOR EACH ROW EXECUTE FUNCTION asking_change_of_this_transaction();
"""

APPEND_ONLY_BACK = """
DROP TRIGGER engagement_change_of_this_transaction ON asking_engagementchange;
DROP FUNCTION asking_change_of_this_transaction();
DROP TRIGGER engagement_change_append_only ON asking_engagementchange;
DROP TRIGGER wording_append_only ON asking_questionnairewording;
DROP FUNCTION asking_append_only();
"""

# The character class is that of feedback.bilingual.VISIBLE, as it was when this was written.
NEVER_BLANK = r"""
CREATE FUNCTION asking_is_visible(words text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT words ~ '[^[:space:]\u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]'
$$;

CREATE FUNCTION asking_is_approved(which bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM asking_engagement
        WHERE id = which AND status NOT IN ('draft', 'in_review')
    )
$$;

CREATE FUNCTION asking_refuse_approval_without_notice() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM asking_questionnaire
        WHERE engagement_id = NEW.id AND asking_is_visible(privacy_notice_en)
          AND asking_is_visible(privacy_notice_fr)
    ) THEN
        RAISE EXCEPTION 'engagement % has no privacy notice in both languages', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'engagement_approved_with_its_notice';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER engagement_approved_with_its_notice
    BEFORE UPDATE OF status ON asking_engagement
    FOR EACH ROW WHEN (NEW.status = 'approved' AND OLD.status IN ('draft', 'in_review'))
    EXECUTE FUNCTION asking_refuse_approval_without_notice();

CREATE FUNCTION asking_keep_what_was_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT asking_is_approved(OLD.engagement_id) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'questionnaire % has been approved: it stays', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'questionnaire_approved_stays';
    END IF;
    IF NEW.engagement_id <> OLD.engagement_id THEN
        RAISE EXCEPTION 'questionnaire % has been approved: it stays with its engagement', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'questionnaire_approved_stays';
    END IF;
    IF NOT asking_is_visible(NEW.privacy_notice_en)
       OR NOT asking_is_visible(NEW.privacy_notice_fr) THEN
        RAISE EXCEPTION 'the privacy notice of questionnaire % is never blank', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approved_notice_never_blank';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER questionnaire_approved_stays
    BEFORE DELETE OR UPDATE OF engagement_id, privacy_notice_en, privacy_notice_fr
    ON asking_questionnaire
    FOR EACH ROW EXECUTE FUNCTION asking_keep_what_was_approved();
"""

NEVER_BLANK_BACK = """
DROP TRIGGER questionnaire_approved_stays ON asking_questionnaire;
DROP FUNCTION asking_keep_what_was_approved();
DROP TRIGGER engagement_approved_with_its_notice ON asking_engagement;
DROP FUNCTION asking_refuse_approval_without_notice();
DROP FUNCTION asking_is_approved(bigint);
DROP FUNCTION asking_is_visible(text);
"""

# Deferred to the commit, so that words and record may be written in any order.
RECORDED = """
CREATE FUNCTION asking_refuse_unrecorded(which bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF asking_is_approved(which) AND NOT EXISTS (
        SELECT 1 FROM asking_engagementchange
        WHERE engagement_id = which AND transaction = txid_current()
    ) THEN
        RAISE EXCEPTION 'words of engagement % were changed without a record', which
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'approved_words_recorded';
    END IF;
END
$$;

CREATE FUNCTION asking_title_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM asking_refuse_unrecorded(NEW.id);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER approved_title_recorded
    AFTER UPDATE OF title_en, title_fr ON asking_engagement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.title_en, OLD.title_fr) IS DISTINCT FROM (NEW.title_en, NEW.title_fr))
    EXECUTE FUNCTION asking_title_recorded();

CREATE FUNCTION asking_notice_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM asking_refuse_unrecorded(NEW.engagement_id);
    IF asking_is_approved(NEW.engagement_id) AND NOT EXISTS (
        SELECT 1
        FROM asking_questionnairewording wording
        JOIN asking_questionnaire questionnaire ON questionnaire.id = wording.questionnaire_id
        WHERE wording.questionnaire_id = OLD.id AND wording.version = OLD.version
          AND questionnaire.version > OLD.version
          AND wording.privacy_notice_en = OLD.privacy_notice_en
          AND wording.privacy_notice_fr = OLD.privacy_notice_fr
    ) THEN
        RAISE EXCEPTION 'the privacy notice of questionnaire % was replaced and not kept', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'replaced_notice_kept';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER approved_notice_recorded
    AFTER UPDATE OF privacy_notice_en, privacy_notice_fr ON asking_questionnaire
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.privacy_notice_en, OLD.privacy_notice_fr)
          IS DISTINCT FROM (NEW.privacy_notice_en, NEW.privacy_notice_fr))
    EXECUTE FUNCTION asking_notice_recorded();

CREATE FUNCTION asking_question_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM asking_refuse_unrecorded(
        (SELECT engagement_id FROM asking_questionnaire WHERE id = NEW.questionnaire_id)
    );
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER approved_question_recorded
    AFTER UPDATE OF text_en, text_fr, hint_en, hint_fr, page_title_en, page_title_fr
    ON asking_question
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.text_en, OLD.text_fr, OLD.hint_en, OLD.hint_fr, OLD.page_title_en, OLD.page_title_fr)
          IS DISTINCT FROM
          (NEW.text_en, NEW.text_fr, NEW.hint_en, NEW.hint_fr, NEW.page_title_en, NEW.page_title_fr))
    EXECUTE FUNCTION asking_question_recorded();

CREATE FUNCTION asking_choice_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM asking_refuse_unrecorded(
        (SELECT questionnaire.engagement_id
         FROM asking_question question
         JOIN asking_questionnaire questionnaire ON questionnaire.id = question.questionnaire_id
         WHERE question.id = NEW.question_id)
    );
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER approved_choice_recorded
    AFTER UPDATE OF label_en, label_fr ON asking_choice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.label_en, OLD.label_fr) IS DISTINCT FROM (NEW.label_en, NEW.label_fr))
    EXECUTE FUNCTION asking_choice_recorded();
"""

RECORDED_BACK = """
DROP TRIGGER approved_choice_recorded ON asking_choice;
DROP FUNCTION asking_choice_recorded();
DROP TRIGGER approved_question_recorded ON asking_question;
DROP FUNCTION asking_question_recorded();
DROP TRIGGER approved_notice_recorded ON asking_questionnaire;
DROP FUNCTION asking_notice_recorded();
DROP TRIGGER approved_title_recorded ON asking_engagement;
DROP FUNCTION asking_title_recorded();
DROP FUNCTION asking_refuse_unrecorded(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("asking", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_BACK),
        migrations.RunSQL(NEVER_BLANK, NEVER_BLANK_BACK),
        migrations.RunSQL(RECORDED, RECORDED_BACK),
    ]
