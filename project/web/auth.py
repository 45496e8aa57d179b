"""Who is calling, and what they may do: the only interface between the API and the user accounts.

Every view declares its access with exactly one of the decorators below; `init_app` installs a check that runs before
every view and refuses one that declares nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from flask import Flask, current_app, g, request

from project.web.errors import NotPermitted, ServiceUnavailable, TokenInvalid, TokenMissing
from project.web.roles import STAFF, Role

View = TypeVar("View", bound=Callable[..., Any])

# Far longer than any token; keeps a header from being hashed, sent on or verified for nothing.
MAX_TOKEN_LENGTH = 4096


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated user of a request."""

    id: int
    role: Role
    token: str

    @property
    def is_staff(self) -> bool:
        """Whether they may see and write what belongs to others."""
        return self.role in STAFF

    @property
    def is_admin(self) -> bool:
        """Whether they may manage exercises and users."""
        return self.role is Role.ADMIN


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a token is by its own word, or by an answer that is remembered.

    Without a role, the database has to be asked: in the statement that does what the holder wants, with `proof()`.
    """

    id: int
    token: str
    role: Role | None = None
    issued_at: int = 0
    token_id: str | None = None

    def proof(self) -> dict[str, Any]:
        """Return what the statement ROLE_OF_HOLDER takes."""
        return {"holder": self.id, "issued_at": self.issued_at, "token_id": self.token_id}


class Authenticator(Protocol):
    """Whoever knows the users: `project.api.users.tokens` or `project.users_service.client`."""

    def recognise(self, token: str) -> Holder | None:
        """Return who holds the token, without asking anybody; None if that cannot be told. Raises `TokenInvalid`."""

    def authenticate(self, token: str) -> Caller:
        """Return who holds the token. Raises `TokenInvalid`, or `ServiceUnavailable` when that cannot be found out."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a view: holders of a token in `roles`, or anybody while the setting `unless` is on.

    `identity` says whether it matters who calls, also where no token is needed.
    """

    token: bool
    identity: bool = True
    roles: frozenset[Role] = frozenset(Role)
    unless: str | None = None

    def needs_token(self) -> bool:
        """Whether a token is needed under the configuration in force."""
        return self.token and not (self.unless and current_app.config[self.unless])


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def authenticate(view: View) -> View:
    """Let only callers with a good token in."""
    return _declare(view, Access(token=True))


def admins_only(view: View) -> View:
    """Let only admins in."""
    return _declare(view, Access(token=True, roles=frozenset({Role.ADMIN})))


def staff_only(view: View) -> View:
    """Let only graders and admins in."""
    return _declare(view, Access(token=True, roles=STAFF))


def public(view: View) -> View:
    """Let anybody in, without asking who they are."""
    return _declare(view, Access(token=False, identity=False))


def public_with_more_for_admins(view: View) -> View:
    """Let anybody in; an admin's token shows more, a bad one no less than none."""
    return _declare(view, Access(token=False))


def public_if(setting: str) -> Callable[[View], View]:
    """Let anybody in while the setting is on, else only callers with a good token."""
    return partial(_declare, access=Access(token=True, unless=setting))


def caller() -> Caller:
    """Return the caller of a view that needs a token."""
    found = optional_caller()
    if found is None:
        raise TokenMissing
    return found


def optional_caller() -> Caller | None:
    """Return the caller, or None when they did not say, or could not prove, who they are."""
    if "caller" not in g:
        try:
            g.caller = _authenticate()
        except (TokenMissing, TokenInvalid, ServiceUnavailable):
            g.caller = None
    found: Caller | None = g.caller
    return found


def _authenticate() -> Caller:
    authenticator: Authenticator = current_app.extensions["authenticator"]
    return authenticator.authenticate(bearer_token(request.headers.get("Authorization")))


def bearer_token(header: str | None) -> str:
    """Return the token of an Authorization header. Raises `TokenMissing` or `TokenInvalid`."""
    if header is None:
        raise TokenMissing
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > MAX_TOKEN_LENGTH or not _is_printable(token):
        raise TokenInvalid
    return token


def _is_printable(token: str) -> bool:
    """Whether the token is one word of ASCII, so that it can be sent on in a header."""
    return token.isascii() and token.isprintable() and " " not in token


def check_access() -> None:
    """Refuse the request unless its view lets the caller in. Runs before every view."""
    g.pop("caller", None)  # under Flask-Testing all requests of a test share one `g`
    view = current_app.view_functions.get(request.endpoint or "")
    rule = request.url_rule
    if (
        view is None
        or rule is None
        or (request.method == "OPTIONS" and getattr(rule, "provide_automatic_options", False))
    ):
        return  # an unknown URL or a CORS preflight, which Flask answers itself
    access: Access | None = getattr(view, "access", None)
    if access is None:
        raise NotPermitted
    if access.needs_token():
        g.caller = _authenticate()
        if g.caller.role not in access.roles:
            raise NotPermitted


def init_app(app: Flask, authenticator: Authenticator) -> None:
    """Install the check, and who is asked."""
    app.extensions["authenticator"] = authenticator
    app.before_request(check_access)
