"""What can be wrong about a board."""

from project.errors import ApiError


class ExerciseSetNotFound(ApiError):
    """There is no such exercise set."""

    http_status = 404
    status = "fail"
    message = "Exercise set does not exist"
