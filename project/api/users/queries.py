"""Statements about users that other resources' statements are made of."""

# Whether a token is good: its holder is active, it is younger than his last change of password, and it is not revoked.
# A token says the second of its issue, rounded down. Takes: holder, issued_at (seconds since the epoch), token_id.
ROLE = """
    SELECT role FROM users
    WHERE id = {holder} AND active AND date_trunc('second', tokens_since) <= to_timestamp({issued_at})
    AND NOT EXISTS (SELECT FROM revoked_tokens WHERE id = {token_id})
"""
ROLE_OF_HOLDER = ROLE.format(holder=":holder::bigint", issued_at=":issued_at::bigint", token_id=":token_id::uuid")
