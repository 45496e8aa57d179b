"""Invitations, which graders and admins create. They are needed where REGISTRATION is `invite`."""

import sqlalchemy as sa
from flask import Blueprint, Response

from project.api.identifiers import identifier
from project.api.invitations.inviting import VISIBLE, add_invitation
from project.api.invitations.models import Invitation
from project.api.invitations.schemas import InvitationPayload, InvitationsAnswer, InvitationWritten
from project.api.operation import operation
from project.api.pages import page
from project.api.schemas import ListQuery, Message
from project.extensions import db
from project.web.auth import allow, caller
from project.web.errors import ApiError
from project.web.idempotency.handling import RejectKey
from project.web.permissions import Action
from project.web.rate_limits import Limit
from project.web.responses import success

invitations_blueprint = Blueprint("invitations", __name__)


class InvitationNotFound(ApiError):
    """There is no such invitation."""

    http_status = 404
    status = "fail"
    message = "Invitation does not exist"


@invitations_blueprint.post("/invitations")
@allow(Action.INVITE)
@operation(
    "Make an invitation",
    {201: InvitationWritten},
    body=InvitationPayload,
    limit=Limit.WRITE,
    idempotency=RejectKey(),  # a repeat would need the code, which is not kept
)
def make_invitation(payload: InvitationPayload) -> Response:
    """Make an invitation and show its code, this once."""
    made = add_invitation(payload.uses, payload.days, caller().id)
    db.session.commit()
    return success(made.data, "Invitation was added!", 201, code=made.code)


@invitations_blueprint.get("/invitations")
@allow(Action.INVITE)
@operation("List invitations, newest first", {200: InvitationsAnswer}, query=ListQuery)
def list_invitations(query: ListQuery) -> Response:
    """List the invitations, without their codes. Those that have expired go with the next one that is made."""
    return page("invitations", sa.select(*VISIBLE), Invitation.id, query, newest_first=True)


@invitations_blueprint.delete("/invitations/<invitation_id>")
@allow(Action.INVITE)
@operation("Revoke an invitation", {200: Message}, errors=(InvitationNotFound,), limit=Limit.WRITE)
def revoke_invitation(invitation_id: str) -> Response:
    """Delete an invitation: from now on nobody can register with it. Accounts that were made with it stay."""
    found = sa.delete(Invitation).where(Invitation.id == identifier(invitation_id, InvitationNotFound))
    if db.session.scalar(found.returning(Invitation.id)) is None:
        raise InvitationNotFound
    db.session.commit()
    return success(message="Invitation was revoked!")
