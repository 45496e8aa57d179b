"""Errors of the users API, with the messages of the users-service."""

from project.web.errors import ApiError, InvalidPayload


class InvalidCredentials(InvalidPayload):
    """An account or log-in that is not what /auth takes."""

    status = "error"


class UserExists(ApiError):
    """Somebody has that name or address."""

    http_status = 400
    message = "Sorry. That user already exists."


class UsernameTaken(UserExists):
    """The same, to an admin."""

    status = "fail"


class EmailTaken(UsernameTaken):
    """Somebody has that address."""

    message = "Sorry. That email already exists."


class RegistrationClosed(ApiError):
    """REGISTRATION is `closed`."""

    http_status = 403
    message = "Registration is closed."


class InvitationRefused(ApiError):
    """REGISTRATION is `invite`, and the code is of no invitation that can be used."""

    http_status = 403
    message = "That invitation is unknown, has expired or was used by others."


class LoginRefused(ApiError):
    """Unknown address, wrong password and inactive account alike."""

    http_status = 404
    message = "User does not exist."


class UserNotFound(ApiError):
    """There is no such user."""

    http_status = 404
    status = "fail"
    message = "User does not exist"
