"""What can go wrong with scores."""

from project.web.errors import ApiError


class ScoreNotFound(ApiError):
    """There is no such score, or the caller may not see it."""

    http_status = 404
    status = "fail"
    message = "Score does not exist"


class ScoreExists(ApiError):
    """The user has a score for that exercise."""

    http_status = 400
    status = "fail"
    message = "Sorry. That score already exists. Please update with a PUT request."


class ScoreMissing(ApiError):
    """The user has no score with that id for that exercise."""

    http_status = 400
    status = "fail"
    message = "Sorry. That score does not exist."
