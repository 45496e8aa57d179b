"""The trigger that settles learners' own reports when the catalogue changes, also by an import or psql.

The migrations hold their own copy, frozen; a test compares what both make.
"""

GRADED_NOW = "The service grades this exercise now: reports of learners do not count."
LISTED_NOW = "The catalogue has this exercise now: reports of learners count."

# When an exercise becomes `server`, the reports that learners made while it was `self`, or unknown, are deleted. When
# an exercise with another grading is added, earlier reports of it count from then on. The reason of the transaction is
# restored.
SETTLE_FUNCTION = f"""
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
        IF graded <> '{{}}' THEN
            -- Reports under way are waited for, and go too; those that come later see how the exercise is graded.
            LOCK TABLE scores IN SHARE ROW EXCLUSIVE MODE;
        END IF;
    END IF;
    IF graded <> '{{}}' THEN
        PERFORM set_config('eval.reason', '{GRADED_NOW}', true);
        DELETE FROM scores WHERE exercise_id = ANY (graded) AND source = 'self_reported';
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM set_config('eval.reason', '{LISTED_NOW}', true);
        UPDATE scores SET off_board = false, change_id = 0
        WHERE off_board AND exercise_id = ANY (ARRAY(SELECT id FROM changed));
    END IF;
    PERFORM set_config('eval.reason', before, true);
    RETURN NULL;
END $$
"""  # noqa: S608 - constants
SETTLE_TRIGGERS = [
    f"""
CREATE OR REPLACE TRIGGER settle_{operation.lower()} AFTER {operation} ON exercises
REFERENCING {transition} FOR EACH STATEMENT EXECUTE FUNCTION settle_self_reports()
"""
    for operation, transition in (
        ("INSERT", "NEW TABLE AS changed"),
        ("UPDATE", "OLD TABLE AS former NEW TABLE AS changed"),
    )
]

CREATE = [SETTLE_FUNCTION, *SETTLE_TRIGGERS]
DROP = ["DROP FUNCTION IF EXISTS settle_self_reports()"]

# Learners' reports that count on boards and should not, or the other way round. Those of an exercise that was deleted
# from the catalogue may do either: it depends on the catalogue at the time of the report. Takes: unlisted_count.
WRONGLY_COUNTED = """
    SELECT id FROM scores
    WHERE source = 'self_reported' AND CASE WHEN off_board
        THEN :unlisted_count OR (SELECT 1 FROM exercises WHERE exercises.id = scores.exercise_id) IS NOT NULL
        ELSE NOT :unlisted_count
             AND (SELECT 1 FROM exercise_versions AS v WHERE v.exercise_id = scores.exercise_id LIMIT 1) IS NULL
    END
"""
OFF_BOARD = f"""
    SELECT 'off_board' AS what, format('score %s', id) AS key,
           CAST(off_board AS text) AS kept, CAST(NOT off_board AS text) AS recomputed
    FROM scores WHERE id IN ({WRONGLY_COUNTED})
"""  # noqa: S608 - constants
# Takes: unlisted_count, most.
PUT_RIGHT = f"""
    UPDATE scores SET off_board = NOT off_board, change_id = 0
    WHERE id IN ({WRONGLY_COUNTED} LIMIT :most)
"""  # noqa: S608 - constants
