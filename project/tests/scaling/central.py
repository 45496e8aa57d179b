"""The central tests of the API, which are run on a database that is reached, or made, in another way."""

CENTRAL_TESTS = (
    "hot_path/test_both_paths.py",
    "idempotency/test_idempotency_keys.py",
    "rejudges/test_rejudging.py",
    "scores/test_race.py",
    "scores/test_recording.py",
    "submissions/test_taking.py",
    "summaries/test_leaderboard.py",
    "users/test_logging_in.py",
)
