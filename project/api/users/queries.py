"""Queries about users within the statements of other resources."""


def role_of(holder: str, issued_at: str, token_id: str) -> str:
    """Return a query for the role of the holder of a token, which the given SQL expressions describe.

    It returns no row unless the token is valid: its holder is active, it was issued after the last change of the
    password, and it is not revoked. The time of issue in a token is in seconds, rounded down.
    """
    return f"""
        SELECT role FROM users WHERE id = {holder} AND active
        AND date_trunc('second', tokens_since) <= to_timestamp({issued_at})
        AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE id = {token_id})
    """  # noqa: S608 - expressions of ours


# Its parameters are what `project.web.auth.TokenHolder.proof` returns.
ROLE_OF_HOLDER = role_of(":holder", ":issued_at", ":token_id")
