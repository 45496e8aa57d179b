"""Requests and responses of the invitations."""

from pydantic import BaseModel, Field

from project.api.schemas import Integer, Message, Page, Payload, Timestamp

MAX_USES, MAX_DAYS = 1000, 365
DEFAULT_USES, DEFAULT_DAYS = 1, 7


class InvitationPayload(Payload):
    """A new invitation."""

    uses: Integer = Field(DEFAULT_USES, ge=1, le=MAX_USES, description="How many may register.")
    days: Integer = Field(DEFAULT_DAYS, ge=1, le=MAX_DAYS, description="How long it lasts.")


class InvitationData(BaseModel):
    """An invitation; its code is in no later answer."""

    id: int
    uses: int
    uses_left: int
    created_by: int | None = Field(description="The user's id; null where it was made by a command.")
    created_at: Timestamp
    expires_at: Timestamp


class InvitationWritten(Message):
    """The invitation, and its code: this once, since only a hash of it is kept."""

    code: str = Field(description="For the field `invitation` of POST /auth/register.")
    data: InvitationData


class Invitations(BaseModel):
    """The invitations of a page."""

    invitations: list[InvitationData]


class InvitationsAnswer(Page):
    """A page of invitations, newest first."""

    data: Invitations
