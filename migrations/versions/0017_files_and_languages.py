"""Answers of several files; files that exercises give to answers; exercises in several languages."""

from alembic import op

from project.postgres.migrating import outside_transaction

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Servers that still run the code before this go on working: what is new has a default, also in new versions. A default
# that is a constant rewrites no table.
TABLES = """
ALTER TABLE exercises
    ADD support_files json DEFAULT '{}' NOT NULL,
    ADD languages json DEFAULT '{}' NOT NULL,
    ADD reference_solutions json DEFAULT '{}' NOT NULL,
    ADD CONSTRAINT ck_exercises_object_of_support_files CHECK (json_typeof(support_files) = 'object') NOT VALID,
    ADD CONSTRAINT ck_exercises_object_of_languages CHECK (json_typeof(languages) = 'object') NOT VALID,
    ADD CONSTRAINT ck_exercises_object_of_reference_solutions CHECK (json_typeof(reference_solutions) = 'object')
        NOT VALID;
ALTER TABLE exercise_versions
    ADD support_files json DEFAULT '{}' NOT NULL,
    ADD languages json DEFAULT '{}' NOT NULL;
ALTER TABLE submissions ADD files json;
"""
VALIDATE = """
ALTER TABLE exercises
    VALIDATE CONSTRAINT ck_exercises_object_of_support_files,
    VALIDATE CONSTRAINT ck_exercises_object_of_languages,
    VALIDATE CONSTRAINT ck_exercises_object_of_reference_solutions
"""
FUNCTIONS = """
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
END $$;
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
END $$;
"""
FUNCTIONS_BEFORE = """
CREATE OR REPLACE FUNCTION number_exercise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- An id that comes back, after a DELETE by hand, goes on after the versions that it had.
        NEW.version := 1 + coalesce((SELECT max(version) FROM exercise_versions WHERE exercise_id = NEW.id), 0);
    ELSE
        NEW.version := OLD.version;
        IF ROW(
            NEW.exercise_body, NEW.title, NEW.starter, NEW.language, NEW.test_code, NEW.test_code_solution,
            NEW.cases::text, NEW.limits, NEW.shared_sandbox, NEW.policy, NEW.stop_after_time_limits
        ) IS DISTINCT FROM ROW(
            OLD.exercise_body, OLD.title, OLD.starter, OLD.language, OLD.test_code, OLD.test_code_solution,
            OLD.cases::text, OLD.limits, OLD.shared_sandbox, OLD.policy, OLD.stop_after_time_limits
        ) THEN
            NEW.version := OLD.version + 1;
        END IF;
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION keep_exercise_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO exercise_versions (
        exercise_id, version, exercise_body, title, starter, language, test_code, test_code_solution,
        cases, limits, shared_sandbox, policy, stop_after_time_limits
    )
    SELECT
        id, version, exercise_body, title, starter, language, test_code, test_code_solution,
        cases, limits, shared_sandbox, policy, stop_after_time_limits
    FROM changed
    ON CONFLICT (exercise_id, version) DO NOTHING;
    RETURN NULL;
END $$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    with outside_transaction():
        op.execute(VALIDATE)  # reads the table while others write


def downgrade() -> None:
    op.execute(FUNCTIONS_BEFORE)
    op.execute("ALTER TABLE submissions DROP files")
    op.execute("ALTER TABLE exercise_versions DROP support_files, DROP languages")
    op.execute("ALTER TABLE exercises DROP support_files, DROP languages, DROP reference_solutions")
