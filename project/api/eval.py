"""Liveness, readiness, and the metrics."""

import hmac

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field

from project.api.operation import operation
from project.api.schemas import Message
from project.api.submissions.measuring import measure
from project.grading.local_judge import local_judge
from project.operations import metrics, readiness
from project.web.auth import allow
from project.web.errors import ServiceUnavailable, TokenInvalid, TokenMissing
from project.web.permissions import Action
from project.web.responses import success

eval_blueprint = Blueprint("eval", __name__)


class Readiness(BaseModel):
    """What the service serves with."""

    isolation_level: int = Field(description="Of the sandbox; docs/security.md says what each level promises.")


class ReadyAnswer(Message):
    """The service can serve."""

    data: Readiness


class NotReady(ServiceUnavailable):
    """Something is missing; `errors` names it."""

    message = "Not ready."


@eval_blueprint.get("/ping")
@allow(Action.USE_ACCOUNT)
@operation("Check a token", {200: Message})
def ping() -> Response:
    """Answer a caller with a good token."""
    return success(message="pong!")


@eval_blueprint.get("/health")
@allow(Action.READ_PAGES)
@operation("Whether the process lives", {200: Message})
def health() -> Response:
    """Answer, touching nothing."""
    return success(message="sanity check!")


@eval_blueprint.get("/ready")
@allow(Action.READ_PAGES)
@operation("Whether the service can serve", {200: ReadyAnswer}, errors=(NotReady,))
def ready() -> Response:
    """Check everything that an answer may need."""
    missing = readiness.missing()
    if missing:
        raise NotReady(missing)
    return success({"isolation_level": local_judge().status().level}, "ready!")


@eval_blueprint.get("/metrics")
@allow(Action.READ_PAGES)
@operation("Metrics for Prometheus", {200: "text/plain"}, errors=(TokenMissing, TokenInvalid))
def read_metrics() -> Response:
    """Answer the metrics of all server processes, to holders of METRICS_TOKEN if that is set."""
    expected = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization")
    if expected and given is None:
        raise TokenMissing
    if expected and not hmac.compare_digest(f"Bearer {expected}".encode(), str(given).encode()):
        raise TokenInvalid
    measure()
    return Response(metrics.collect(), content_type=CONTENT_TYPE_LATEST)
