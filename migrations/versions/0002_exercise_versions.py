"""Exercises with test cases, limits and languages, their versions, and deletion that can be undone."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Servers that still run the code before this go on working: all that is new has a default.
TABLES = """
ALTER TABLE exercises
    ALTER test_code SET DEFAULT '',
    ALTER test_code_solution SET DEFAULT '',
    ADD slug text,
    ADD title text,
    ADD language text DEFAULT 'python' NOT NULL,
    ADD cases json DEFAULT '[]' NOT NULL,
    ADD limits jsonb DEFAULT '{}' NOT NULL,
    ADD shared_sandbox boolean DEFAULT false NOT NULL,
    ADD policy text DEFAULT 'best' NOT NULL,
    ADD starter text,
    ADD reference_solution text,
    ADD version bigint DEFAULT 1 NOT NULL,
    ADD updated_at timestamptz DEFAULT now() NOT NULL,
    ADD deleted_at timestamptz,
    ADD CONSTRAINT ck_exercises_known_policy CHECK (policy IN ('best', 'latest', 'first')),
    ADD CONSTRAINT ck_exercises_list_of_cases CHECK (json_typeof(cases) = 'array'),
    ADD CONSTRAINT ck_exercises_object_of_limits CHECK (jsonb_typeof(limits) = 'object');
CREATE UNIQUE INDEX uq_exercises_slug ON exercises (slug) WHERE deleted_at IS NULL;

CREATE TABLE exercise_versions (
    exercise_id bigint NOT NULL,
    version bigint NOT NULL,
    exercise_body text NOT NULL,
    title text,
    starter text,
    language text NOT NULL,
    test_code text NOT NULL,
    test_code_solution text NOT NULL,
    cases json NOT NULL,
    limits jsonb NOT NULL,
    shared_sandbox boolean NOT NULL,
    policy text NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_exercise_versions PRIMARY KEY (exercise_id, version)
);
INSERT INTO exercise_versions (
    exercise_id, version, exercise_body, language, test_code, test_code_solution, cases, limits, shared_sandbox, policy
)
SELECT
    id, version, exercise_body, language, test_code, test_code_solution, cases, limits, shared_sandbox, policy
FROM exercises;
"""

TRIGGERS = """
CREATE FUNCTION number_exercise_version() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER number_version BEFORE INSERT OR UPDATE ON exercises
FOR EACH ROW EXECUTE FUNCTION number_exercise_version();

CREATE FUNCTION keep_exercise_versions() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER keep_version_insert AFTER INSERT ON exercises
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_exercise_versions();

CREATE TRIGGER keep_version_update AFTER UPDATE ON exercises
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_exercise_versions();

CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'versions of exercises are kept as they were: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exercise_versions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change();
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(TRIGGERS)


def downgrade() -> None:
    op.execute("DROP FUNCTION number_exercise_version(), keep_exercise_versions(), refuse_version_change() CASCADE")
    op.execute("DROP TABLE exercise_versions")
    op.execute("DELETE FROM exercises WHERE deleted_at IS NOT NULL")  # or they would be back
    op.execute("""
        ALTER TABLE exercises
            ALTER test_code DROP DEFAULT,
            ALTER test_code_solution DROP DEFAULT,
            DROP slug,
            DROP title,
            DROP language,
            DROP cases,
            DROP limits,
            DROP shared_sandbox,
            DROP policy,
            DROP starter,
            DROP reference_solution,
            DROP version,
            DROP updated_at,
            DROP deleted_at
    """)
