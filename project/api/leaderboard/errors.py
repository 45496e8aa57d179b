"""What can be wrong about a board."""

from project.web.errors import ApiError


class ExerciseSetNotFound(ApiError):
    """There is no such exercise set."""

    http_status = 404
    status = "fail"
    message = "Exercise set does not exist"


class TwoBoards(ApiError):
    """Exercises and a set of exercises were named, where one board is shown."""

    http_status = 400
    status = "fail"
    message = "Sorry. Use either exercise_ids or exercise_set."

    def __init__(self) -> None:
        super().__init__(errors={"exercise_set": ["Must not be given together with exercise_ids."]})
