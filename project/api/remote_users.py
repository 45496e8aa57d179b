"""GET /auth/status where a users-service keeps the users, so that clients need not know the address of that service."""

from flask import Blueprint, Response
from pydantic import BaseModel

from project.api.operation import operation
from project.api.schemas import Success
from project.web.auth import allow, caller
from project.web.permissions import Action
from project.web.responses import success
from project.web.roles import Role

# Its name is a tag in /openapi.json, which stays as it is.
remote_users_blueprint = Blueprint("elsewhere", __name__)


class Holder(BaseModel):
    """What is known here of the holder of a token; their name is not."""

    id: int
    active: bool
    admin: bool
    role: Role


class HolderAnswer(Success):
    """Who the caller is."""

    data: Holder


@remote_users_blueprint.get("/auth/status")
@allow(Action.USE_ACCOUNT)
@operation("Who am I", {200: HolderAnswer})
def read_holder() -> Response:
    """Say who the caller is, as the users-service says."""
    known = caller()
    return success({"id": known.id, "active": True, "admin": known.role is Role.ADMIN, "role": known.role})
