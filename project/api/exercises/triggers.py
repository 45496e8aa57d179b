"""How PostgreSQL keeps the versions of exercises, for all writers: the API, the specification's tests, and psql.

The migrations have their own copy, which never changes; a test compares the two schemas.
"""

# A change of what the learner reads or starts with, or of how answers are judged, makes a new version. The type `json`
# has no equality, but keeps the text as it was written.
NUMBER_FUNCTION = """
CREATE OR REPLACE FUNCTION number_exercise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- An id that comes back, after a DELETE by hand, goes on after the versions that it had.
        NEW.version := 1 + coalesce((SELECT max(version) FROM exercise_versions WHERE exercise_id = NEW.id), 0);
    ELSE
        NEW.version := OLD.version;
        IF ROW(
            NEW.exercise_body, NEW.title, NEW.starter, NEW.language, NEW.test_code, NEW.test_code_solution,
            NEW.cases::text, NEW.limits, NEW.shared_sandbox, NEW.policy, NEW.stop_after_time_limits,
            NEW.support_files::text, NEW.languages::text
        ) IS DISTINCT FROM ROW(
            OLD.exercise_body, OLD.title, OLD.starter, OLD.language, OLD.test_code, OLD.test_code_solution,
            OLD.cases::text, OLD.limits, OLD.shared_sandbox, OLD.policy, OLD.stop_after_time_limits,
            OLD.support_files::text, OLD.languages::text
        ) THEN
            NEW.version := OLD.version + 1;
        END IF;
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$
"""
NUMBER_TRIGGER = """
CREATE OR REPLACE TRIGGER number_version BEFORE INSERT OR UPDATE ON exercises
FOR EACH ROW EXECUTE FUNCTION number_exercise_version()
"""

# Once for each statement, for all its rows. An update that made no new version finds the row of the version.
KEEP_FUNCTION = """
CREATE OR REPLACE FUNCTION keep_exercise_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO exercise_versions (
        exercise_id, version, exercise_body, title, starter, language, test_code, test_code_solution,
        cases, limits, shared_sandbox, policy, stop_after_time_limits, support_files, languages
    )
    SELECT
        id, version, exercise_body, title, starter, language, test_code, test_code_solution,
        cases, limits, shared_sandbox, policy, stop_after_time_limits, support_files, languages
    FROM changed
    ON CONFLICT (exercise_id, version) DO NOTHING;
    RETURN NULL;
END $$
"""
KEEP_TRIGGERS = [
    f"""
CREATE OR REPLACE TRIGGER keep_version_{operation.lower()} AFTER {operation} ON exercises
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_exercise_versions()
"""
    for operation in ("INSERT", "UPDATE")
]

# Versions must not change, since answers were judged by them.
REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'versions of exercises are kept as they were: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
REFUSE_TRIGGER = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exercise_versions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change()
"""
# Compressing an input takes seconds, and saves nothing where its numbers are random.
INPUT_STORAGE = "ALTER TABLE case_inputs ALTER content SET STORAGE EXTERNAL"
REFUSE_INPUT_TRIGGER = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_inputs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change()
"""

CREATE = [
    NUMBER_FUNCTION,
    NUMBER_TRIGGER,
    KEEP_FUNCTION,
    *KEEP_TRIGGERS,
    REFUSE_FUNCTION,
    REFUSE_TRIGGER,
    INPUT_STORAGE,
    REFUSE_INPUT_TRIGGER,
]
DROP = [
    "DROP FUNCTION IF EXISTS number_exercise_version()",
    "DROP FUNCTION IF EXISTS keep_exercise_versions()",
    "DROP FUNCTION IF EXISTS refuse_version_change()",
]
