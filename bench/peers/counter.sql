-- What the peers' authors would write second for a leaderboard: a counter of each learner, kept by a trigger in the
-- transaction of each write. It takes the place of the service's own summaries, which the peers do not read.
DROP TRIGGER summarize_insert ON scores;
DROP TRIGGER summarize_update ON scores;
DROP TRIGGER summarize_delete ON scores;

CREATE TABLE solved_counts (user_id bigint PRIMARY KEY, solved integer NOT NULL);
INSERT INTO solved_counts SELECT user_id, count(*) FILTER (WHERE correct) FROM scores GROUP BY user_id;
CREATE INDEX ON solved_counts (solved DESC, user_id);

CREATE FUNCTION count_solved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO solved_counts AS counter (user_id, solved) VALUES (NEW.user_id, CASE WHEN NEW.correct THEN 1 ELSE -1 END)
    ON CONFLICT (user_id) DO UPDATE SET solved = counter.solved + excluded.solved;
    RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON scores FOR EACH ROW WHEN (NEW.correct) EXECUTE FUNCTION count_solved();
CREATE TRIGGER count_updated AFTER UPDATE OF correct ON scores FOR EACH ROW
    WHEN (NEW.correct <> OLD.correct) EXECUTE FUNCTION count_solved();
