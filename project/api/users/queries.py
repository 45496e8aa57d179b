"""What other resources' statements ask about users."""


def role_of(holder: str, issued_at: str, token_id: str) -> str:
    """Return a query for the role of who holds a token, as the given SQL expressions describe it.

    It has no row unless the token is good: its holder is active, it is younger than their last change of password, and
    it is not revoked. A token says the second of its issue, rounded down.
    """
    return f"""
        SELECT role FROM users WHERE id = {holder} AND active
        AND date_trunc('second', tokens_since) <= to_timestamp({issued_at})
        AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE id = {token_id})
    """  # noqa: S608 - expressions of ours


# Takes what `project.web.auth.TokenHolder.proof` returns.
ROLE_OF_HOLDER = role_of(":holder", ":issued_at", ":token_id")
