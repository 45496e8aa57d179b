"""Accounts and log-ins, for a site without a users-service."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, current_app

from project.api.identifiers import identifier
from project.api.operation import operation
from project.api.pages import page
from project.api.schemas import ListQuery, Message
from project.api.users.accounts import add_invited_user, add_user, find_user, has_password
from project.api.users.errors import (
    EmailTaken,
    InvalidCredentials,
    InvitationRefused,
    LoginRefused,
    RegistrationClosed,
    UserExists,
    UsernameTaken,
    UserNotFound,
)
from project.api.users.login_limits import login_attempt
from project.api.users.models import User
from project.api.users.schemas import (
    LoginPayload,
    RegisterPayload,
    RegistrationAnswer,
    StatusAnswer,
    TokenAnswer,
    UserAnswer,
    UserPayload,
    UsersAnswer,
    UserWritten,
)
from project.api.users.tokens import issue_token, revoke_token, signed, unsigned
from project.extensions import db
from project.web.auth import allow, caller, is_allowed
from project.web.errors import InvalidPayload
from project.web.idempotency.handling import IgnoreKey, Secret, StoreResponse
from project.web.permissions import Action
from project.web.rate_limits import Limit
from project.web.responses import success
from project.web.roles import Role

users_blueprint = Blueprint("users", __name__)

PUBLIC_COLUMNS = (User.id, User.username, User.created_at)
ADMIN_COLUMNS = (*PUBLIC_COLUMNS, User.email, User.active, User.role)


@users_blueprint.post("/auth/register")
@allow(Action.REGISTER)
@operation(
    "Register",
    {201: TokenAnswer},
    body=RegisterPayload,
    invalid=InvalidCredentials,
    errors=(RegistrationClosed, InvitationRefused),
    conflicts={"uq_users_username": UserExists, "uq_users_email": UserExists},
    limit=Limit.REGISTER,
    # The claims of a token are no secret; its signature is, and can be computed again.
    idempotency=StoreResponse(Secret("auth_token", hide=unsigned, show=signed)),
)
def register(payload: RegisterPayload) -> Response:
    """Make an account and log in."""
    registration = current_app.config["REGISTRATION"]
    if registration == "closed":
        raise RegistrationClosed
    _check_length(payload.password, InvalidCredentials)
    account = (payload.username, payload.email, payload.password)
    user = _add_invited(account, payload.invitation) if registration == "invite" else add_user(*account)
    token = issue_token(user.id)
    db.session.commit()
    return success(message="Successfully registered.", http_status=201, auth_token=token)


@users_blueprint.get("/auth/registration")
@allow(Action.REGISTER)
@operation("Who may register", {200: RegistrationAnswer})
def read_registration() -> Response:
    """Say whether anybody may register, only those with an invitation, or nobody."""
    return success({"registration": current_app.config["REGISTRATION"]})


@users_blueprint.post("/auth/login")
@allow(Action.LOG_IN)
@operation(
    "Log in",
    {200: TokenAnswer},
    body=LoginPayload,
    invalid=InvalidCredentials,
    errors=(LoginRefused,),
    limit=Limit.LOGIN_ADDRESS,
    idempotency=IgnoreKey(),  # a repeat changes nothing, and needs the password
)
def login(payload: LoginPayload) -> Response:
    """Exchange address and password for a token."""
    user = find_user(payload.email)
    with login_attempt(user, payload.email):
        if not has_password(user, payload.password) or user is None:
            raise LoginRefused
    token = issue_token(user.id)
    db.session.commit()
    return success(message="Successfully logged in.", auth_token=token)


@users_blueprint.get("/auth/logout")
@allow(Action.USE_ACCOUNT)
@operation("Log out", {200: Message})
def logout() -> Response:
    """Revoke the caller's token."""
    revoke_token(caller().token)
    db.session.commit()
    return success(message="Successfully logged out.")


@users_blueprint.get("/auth/status")
@allow(Action.USE_ACCOUNT)
@operation("Who am I", {200: StatusAnswer})
def read_status() -> Response:
    """Say who the caller is."""
    admin = (User.role == Role.ADMIN).label("admin")
    columns = (User.id, User.username, User.email, User.active, admin, User.role, User.created_at)
    row = db.session.execute(sa.select(*columns).where(User.id == caller().id)).mappings().one()
    return success(dict(row))


@users_blueprint.get("/users")
@allow(Action.READ_USERS)
@operation("List users, newest first", {200: UsersAnswer}, query=ListQuery, replica=True)
def list_users(query: ListQuery) -> Response:
    """List the users; admins see their addresses too."""
    return page("users", _visible(), User.id, query, newest_first=True)


@users_blueprint.get("/users/<user_id>")
@allow(Action.READ_USERS)
@operation("Read a user", {200: UserAnswer}, errors=(UserNotFound,), replica=True)
def read_user(user_id: str) -> Response:
    """Read one user; admins see the address too."""
    statement = _visible().where(User.id == identifier(user_id, UserNotFound))
    row = db.session.execute(statement).mappings().one_or_none()
    if row is None:
        raise UserNotFound
    return success(dict(row))


@users_blueprint.post("/users")
@allow(Action.MANAGE_USERS)
@operation(
    "Add a user",
    {201: UserWritten},
    body=UserPayload,
    conflicts={"uq_users_username": UsernameTaken, "uq_users_email": EmailTaken},
    limit=Limit.WRITE,
)
def add_user_as_admin(payload: UserPayload) -> Response:
    """Add an account of any role."""
    _check_length(payload.password, InvalidPayload)
    user = add_user(payload.username, payload.email, payload.password, payload.role)
    data = {column.key: getattr(user, column.key) for column in ADMIN_COLUMNS}
    db.session.commit()
    return success(data, f"{payload.email} was added!", 201)


def _add_invited(account: tuple[str, str, str], code: str | None) -> User:
    if not code:
        raise InvalidCredentials(errors={"invitation": ["Must be given."]})
    user = add_invited_user(*account, code)
    if user is None:
        raise InvitationRefused
    return user


def _check_length(password: str, invalid: type[InvalidPayload]) -> None:
    least = current_app.config["PASSWORD_MIN_LENGTH"]
    if len(password) < least:
        raise invalid(errors={"password": [f"Must have at least {least} characters."]})


def _visible() -> sa.Select[*tuple[Any, ...]]:
    """Return the users with the columns that the caller may see."""
    return sa.select(*(ADMIN_COLUMNS if is_allowed(Action.MANAGE_USERS) else PUBLIC_COLUMNS))
