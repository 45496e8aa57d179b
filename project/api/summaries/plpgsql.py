"""What the functions that write the summaries have in common: their locks, and settings of the planner."""

# Only the transaction that holds this advisory lock writes the summaries. Any number that all versions of the service
# agree on. `scores` is locked first, since TRUNCATE has locked it when its trigger locks the summaries.
FOLD_LOCK = 20261123
LOCK_SCORES = "LOCK TABLE scores IN ACCESS SHARE MODE;"
LOCK_SUMMARIES = f"PERFORM pg_advisory_xact_lock({FOLD_LOCK});"

# The planner may have no other statistics than of the first learner, for whom a sequential scan is best, and each index
# as good as the right one. So rows are found by an index, and plans are made anew for each call, with the present sizes
# of the tables: that is one of the ten milliseconds of a fold. It needs a parameter in each statement, such as `size`.
PLANNER_SETTINGS = "SET plan_cache_mode = force_custom_plan SET enable_seqscan = off"
