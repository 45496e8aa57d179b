"""The limits on failed log-ins by account; the limit by address is counted with the request.

docs/adr/0004 explains why there are three.
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
    """Count an attempt to log in to an account. It has failed if the block raises. Raises `TooManyRequests`."""
    account = _account(user, email)
    with attempt(Limit.LOGIN, account, limited_address(request.remote_addr)), attempt(Limit.LOGIN_ACCOUNT, account):
        yield


def _account(user: User | None, email: str) -> str:
    """Return the key by which an account is counted: the user's id, since an address can be spelled in many ways.

    Addresses without a user are counted too, or the limit would reveal which addresses have a user. The key is a hash,
    so that the table contains no addresses.
    """
    name = f"user {user.id}" if user else f"nobody {email.lower()}"
    return hashlib.sha256(name.encode()).hexdigest()
