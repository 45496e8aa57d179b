"""The limits on failed log-ins that need to know the account; the one by address is counted with the request.

docs/adr/0004 says why there are three.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from project.api.users.models import User
from project.web.client_address import limited_address
from project.web.rate_limits import Limit, attempt


@contextmanager
def login_attempt(user: User | None, email: str) -> Iterator[None]:
    """Count an attempt to log in to an account. Raises `TooManyRequests`; what is raised inside says how it ended."""
    account = _account(user, email)
    with attempt(Limit.LOGIN, account, limited_address(request.remote_addr)), attempt(Limit.LOGIN_ACCOUNT, account):
        yield


def _account(user: User | None, email: str) -> str:
    """Return the name under which an account is counted: the user's id, since many spellings may find one user.

    An address that nobody has is counted too, or the limit would tell which ones somebody has. Hashed, so that the
    table holds no addresses.
    """
    known_as = f"user {user.id}" if user else f"nobody {email.lower()}"
    return hashlib.sha256(known_as.encode()).hexdigest()
