"""After how many time limits the cases of a submission that are left are not run: an exercise may say so."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Servers that still run the code before this go on working: what is new has a default, also in new versions.
TABLES = """
ALTER TABLE exercises ADD stop_after_time_limits integer DEFAULT 2 NOT NULL;
ALTER TABLE exercise_versions ADD stop_after_time_limits integer DEFAULT 2 NOT NULL;
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
            NEW.cases::text, NEW.limits, NEW.shared_sandbox, NEW.policy
        ) IS DISTINCT FROM ROW(
            OLD.exercise_body, OLD.title, OLD.starter, OLD.language, OLD.test_code, OLD.test_code_solution,
            OLD.cases::text, OLD.limits, OLD.shared_sandbox, OLD.policy
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
        cases, limits, shared_sandbox, policy
    )
    SELECT
        id, version, exercise_body, title, starter, language, test_code, test_code_solution,
        cases, limits, shared_sandbox, policy
    FROM changed
    ON CONFLICT (exercise_id, version) DO NOTHING;
    RETURN NULL;
END $$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)


def downgrade() -> None:
    op.execute(FUNCTIONS_BEFORE)
    op.execute("ALTER TABLE exercise_versions DROP stop_after_time_limits")
    op.execute("ALTER TABLE exercises DROP stop_after_time_limits")
