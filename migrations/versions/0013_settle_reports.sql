CREATE OR REPLACE FUNCTION settle_self_reports() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(current_setting('eval.reason', true), '');
    graded bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        graded := ARRAY(SELECT id FROM changed WHERE grading = 'server');
    ELSE
        graded := ARRAY(
            SELECT n.id FROM changed AS n JOIN former AS o ON o.id = n.id
            WHERE n.grading = 'server' AND o.grading <> 'server'
        );
        IF graded <> '{}' THEN
            -- Reports under way are waited for, and go too; those that come later see how the exercise is graded.
            LOCK TABLE scores IN SHARE ROW EXCLUSIVE MODE;
        END IF;
    END IF;
    IF graded <> '{}' THEN
        PERFORM set_config('eval.reason', 'The service grades this exercise now: reports of learners do not count.', true);
        DELETE FROM scores WHERE exercise_id = ANY (graded) AND source = 'self_reported';
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM set_config('eval.reason', 'The catalogue has this exercise now: reports of learners count.', true);
        UPDATE scores SET off_board = false, change_id = 0
        WHERE off_board AND exercise_id = ANY (ARRAY(SELECT id FROM changed));
    END IF;
    PERFORM set_config('eval.reason', before, true);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER settle_insert AFTER INSERT ON exercises
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION settle_self_reports();

CREATE OR REPLACE TRIGGER settle_update AFTER UPDATE ON exercises
REFERENCING OLD TABLE AS former NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION settle_self_reports();
