"""What statements in SQL may do. Everything that is not listed is refused.

The sandbox has no file that a statement could open. These rules keep SQLite's rarely tested parts out of its reach, and
make the messages of errors plain.
"""

import sqlite3

ACTIONS = frozenset(
    {
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_ANALYZE,
        sqlite3.SQLITE_CREATE_INDEX,
        sqlite3.SQLITE_CREATE_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_INDEX,
        sqlite3.SQLITE_CREATE_TEMP_TABLE,
        sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
        sqlite3.SQLITE_CREATE_TEMP_VIEW,
        sqlite3.SQLITE_CREATE_TRIGGER,
        sqlite3.SQLITE_CREATE_VIEW,
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_DROP_INDEX,
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_DROP_TEMP_INDEX,
        sqlite3.SQLITE_DROP_TEMP_TABLE,
        sqlite3.SQLITE_DROP_TEMP_TRIGGER,
        sqlite3.SQLITE_DROP_TEMP_VIEW,
        sqlite3.SQLITE_DROP_TRIGGER,
        sqlite3.SQLITE_DROP_VIEW,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_REINDEX,
        sqlite3.SQLITE_SAVEPOINT,
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_UPDATE,
    }
)
# Those that describe the schema, and those with which exercises about constraints, triggers and LIKE begin.
PRAGMAS = frozenset(
    """
    case_sensitive_like defer_foreign_keys foreign_key_check foreign_key_list foreign_keys index_info index_list
    index_xinfo recursive_triggers table_info table_list table_xinfo
    """.split()
)
REFUSED_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer"})
ADVICE = "Databases in files, virtual tables, extensions, VACUUM and most PRAGMAs are not available here."


def authorize(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    """Return whether SQLite may compile a statement that does this."""
    if action == sqlite3.SQLITE_PRAGMA:
        is_allowed = (first or "").lower() in PRAGMAS
    elif action == sqlite3.SQLITE_FUNCTION:
        is_allowed = (second or "").lower() not in REFUSED_FUNCTIONS
    else:
        is_allowed = action in ACTIONS
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY
