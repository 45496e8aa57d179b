"""Requests and responses of the users."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from project.api.schemas import Message, Page, Payload, Success, Text, Timestamp
from project.api.users.names import MAX_NAME_LENGTH, check_username
from project.web.roles import Role

MAX_CODE_LENGTH = 128
MAX_PASSWORD_LENGTH = 1024  # more than anyone types, and the time of a hash grows with the length

# Only a mail proves that an address is right; this pattern catches typing errors. Lengths: RFC 5321, 4.5.3.1.
Email = Annotated[str, Field(pattern=r"^[^@ \t\r\n\x00]{1,64}@[^@ \t\r\n\x00]{1,189}$", examples=["ada@example.org"])]
# A pattern of the allowed characters would have some thousand characters.
Username = Annotated[
    str,
    AfterValidator(check_username),
    Field(
        min_length=1,
        max_length=MAX_NAME_LENGTH,
        examples=["ada"],
        description="Without invisible characters, spaces at either end, and two in a row. Names that differ by case "
        "or by compatibility characters (Unicode NFKC) alone are the same.",
        json_schema_extra={"format": "username"},
    ),
]
Password = Annotated[Text, Field(min_length=1, max_length=MAX_PASSWORD_LENGTH, examples=["correct horse battery"])]


class _AccountPayload(Payload):
    """What every account has."""

    username: Username
    email: Email
    password: Password


class RegisterPayload(_AccountPayload):
    """A new account."""

    invitation: Text | None = Field(
        None,
        max_length=MAX_CODE_LENGTH,
        description="The code of an invitation. Needed where REGISTRATION is `invite`.",
    )


class UserPayload(_AccountPayload):
    """An account that an admin adds."""

    role: Role = Field(Role.LEARNER, strict=False)


class Registration(BaseModel):
    """Who may register: anybody, who has an invitation, or nobody."""

    registration: Literal["open", "invite", "closed"]


class RegistrationAnswer(Success):
    """Who may register."""

    data: Registration


class LoginPayload(Payload):
    """Who logs in."""

    email: Text = Field(examples=["ada@example.org"])
    password: Text = Field(max_length=MAX_PASSWORD_LENGTH, examples=["correct horse battery"])


class PublicUser(BaseModel):
    """What everybody may see of a user; what only admins see is absent for everybody else."""

    id: int
    username: str
    created_at: Timestamp
    email: str | None = Field(None, description="For admins.")
    active: bool | None = Field(None, description="For admins.")
    role: Role | None = Field(None, description="For admins.")


class OwnUser(BaseModel):
    """What users see of themselves."""

    id: int
    username: str
    email: str
    active: bool
    admin: bool
    role: Role
    created_at: Timestamp


class TokenAnswer(Message):
    """A new token."""

    auth_token: str = Field(description="For the header `Authorization: Bearer TOKEN`.")


class StatusAnswer(Success):
    """Who the caller is."""

    data: OwnUser


class UserAnswer(Success):
    """One user."""

    data: PublicUser


class UserWritten(Message):
    """The user that was added."""

    data: PublicUser


class Users(BaseModel):
    """The users of a page."""

    users: list[PublicUser]


class UsersAnswer(Page):
    """A page of users, newest first."""

    data: Users
