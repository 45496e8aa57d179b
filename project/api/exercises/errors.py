"""Errors about exercises, for all resources."""

from project.web.errors import ApiError


class ExerciseNotFound(ApiError):
    """There is no such exercise."""

    http_status = 404
    status = "fail"
    message = "Exercise does not exist"
