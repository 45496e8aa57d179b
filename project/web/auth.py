"""Who is calling, and whether they may: the only interface between the API and the user accounts.

Every view names its action with `allow`, and `project.web.permissions` states who may do it. `init_app` installs a
check that runs before every view and refuses one that names nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flask import Flask, current_app, g, request

from project.web.errors import NotPermitted, ServiceUnavailable, TokenInvalid, TokenMissing
from project.web.permissions import PERMISSIONS, SHOWING_MORE, Action, Reach, reach, reaches_all
from project.web.roles import Role

View = TypeVar("View", bound=Callable[..., Any])

# Far longer than any token, so that longer headers are rejected before they are hashed, verified or sent on.
MAX_TOKEN_LENGTH = 4096


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated user of a request."""

    id: int
    role: Role
    token: str


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """The user whom a token names, before it is known whether the token is still valid.

    Without a role, the statement that acts for the user has to look up the role, with the values of `proof()`.
    """

    id: int
    token: str
    role: Role | None = None
    issued_at: int = 0
    token_id: str | None = None

    def proof(self) -> dict[str, Any]:
        """Return the parameters of the statement ROLE_OF_HOLDER."""
        return {"holder": self.id, "issued_at": self.issued_at, "token_id": self.token_id}


class Authenticator(Protocol):
    """What knows the users: `project.api.users.tokens` or `project.users_service.client`."""

    def recognise(self, token: str) -> TokenHolder | None:
        """Return who holds the token, without a query; None if that is not possible. Raises `TokenInvalid`."""

    def authenticate(self, token: str) -> Caller:
        """Return who holds the token. Raises `TokenInvalid`, or `ServiceUnavailable` when that cannot be found out."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a view: holders of a token in `roles`, or all callers while the setting `unless` is on.

    `identity` is whether the response depends on the caller, also where no token is needed.
    """

    action: Action
    token: bool
    identity: bool
    roles: frozenset[Role]
    unless: str | None

    @classmethod
    def to(cls, action: Action) -> "Access":
        """Return who may do an action."""
        rule = PERMISSIONS[action]
        token = rule.anybody is Reach.NOTHING or rule.setting is not None
        roles = frozenset(role for role in Role if reach(action, role) is not Reach.NOTHING)
        return cls(action, token, token or action in SHOWING_MORE, roles, rule.setting)

    def needs_token(self) -> bool:
        """Whether a token is needed under the configuration in force."""
        return self.token and not (self.unless and current_app.config[self.unless])


def allow(action: Action) -> Callable[[View], View]:
    """Return a decorator that admits to a view the callers who may do the action."""

    def declare(view: View) -> View:
        view.access = Access.to(action)  # type: ignore[attr-defined]
        return view

    return declare


def check(action: Action, user_id: int | None = None) -> None:
    """Raise `NotPermitted` unless the caller may do an action, with what belongs to this user if one is given."""
    user = caller()
    reached = reach(action, user.role)
    if reached is Reach.NOTHING or (reached is Reach.OWN and user_id not in {None, user.id}):
        raise NotPermitted


def owner(action: Action) -> int | None:
    """Return whose resources an action reaches, for a WHERE clause: the caller's, or None for those of all users."""
    rule = PERMISSIONS[action]
    if rule.anybody is Reach.ALL and (rule.setting is None or current_app.config[rule.setting]):
        return None
    check(action)
    return None if reaches_all(action, caller().role) else caller().id


def is_allowed(action: Action) -> bool:
    """Whether the caller, if there is one, may do an action with what belongs to others."""
    user = optional_caller()
    return user is not None and reaches_all(action, user.role)


def caller() -> Caller:
    """Return the caller of a view that needs a token."""
    found = optional_caller()
    if found is None:
        raise TokenMissing
    return found


def optional_caller() -> Caller | None:
    """Return the caller, or None without a valid token."""
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
    """Reject the request unless the caller may call its view. Runs before every view."""
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
    """Set the authenticator, and run `check_access` before every view."""
    app.extensions["authenticator"] = authenticator
    app.before_request(check_access)
