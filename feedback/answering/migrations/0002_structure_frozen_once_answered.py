"""Triggers: once a questionnaire has a response, its codes, kinds and choices stay as they are.

The services refuse such changes with a message; these refuse them whoever asks, also raw SQL and
`QuerySet.update`, because an answer stores the codes of its choices without a foreign key.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION answering_questionnaire_has_responses(which bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1
        FROM answering_response response
        JOIN asking_questionnaire questionnaire
          ON questionnaire.engagement_id = response.engagement_id
        WHERE questionnaire.id = which
    )
$$;

CREATE FUNCTION answering_refuse_change_of_question() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.code = OLD.code AND NEW.kind = OLD.kind
       AND NEW.questionnaire_id = OLD.questionnaire_id THEN
        RETURN NEW;
    END IF;
    IF answering_questionnaire_has_responses(OLD.questionnaire_id) THEN
        RAISE EXCEPTION 'question % has been asked: its structure stays', OLD.code
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'question_frozen_once_answered';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER question_frozen_once_answered
BEFORE UPDATE OR DELETE ON asking_question
FOR EACH ROW EXECUTE FUNCTION answering_refuse_change_of_question();

CREATE FUNCTION answering_refuse_change_of_choice() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.code = OLD.code AND NEW.question_id = OLD.question_id
       AND NEW.value IS NOT DISTINCT FROM OLD.value
       AND NEW.is_not_applicable = OLD.is_not_applicable THEN
        RETURN NEW;
    END IF;
    -- A cascade from a question that may go takes its choices along: the row is gone by then.
    IF answering_questionnaire_has_responses(
        (SELECT questionnaire_id FROM asking_question WHERE id = OLD.question_id)
    ) THEN
        RAISE EXCEPTION 'choice % has been offered: its structure stays', OLD.code
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'choice_frozen_once_answered';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER choice_frozen_once_answered
BEFORE UPDATE OR DELETE ON asking_choice
FOR EACH ROW EXECUTE FUNCTION answering_refuse_change_of_choice();
"""

BACKWARD = """
DROP TRIGGER choice_frozen_once_answered ON asking_choice;
DROP FUNCTION answering_refuse_change_of_choice();
DROP TRIGGER question_frozen_once_answered ON asking_question;
DROP FUNCTION answering_refuse_change_of_question();
DROP FUNCTION answering_questionnaire_has_responses(bigint);
"""


class Migration(migrations.Migration):

    dependencies = [("answering", "0001_initial"), ("asking", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
