"""Errors about submissions."""

from project.web.errors import ApiError, ServiceUnavailable, TooManyRequests


class SubmissionNotFound(ApiError):
    """There is no such submission, or the caller may not see it."""

    http_status = 404
    status = "fail"
    message = "Submission does not exist"


class UnknownExercise(ApiError):
    """There is no such exercise, or it was deleted."""

    http_status = 400
    status = "fail"
    message = "Sorry. That exercise does not exist."

    def __init__(self) -> None:
        super().__init__(errors={"exercise_id": ["There is no such exercise."]})


class LanguageDiffers(ApiError):
    """The exercise is in another language, or in others."""

    http_status = 400
    status = "fail"
    message = "Sorry. That exercise is in another language."

    def __init__(self, offered: str) -> None:
        super().__init__(errors={"language": [f"The exercise is in {offered}."]})


class StillGrading(TooManyRequests):
    """As many submissions of the caller as may be are being graded."""

    message = "Your last submission is still being graded. Please try again when it is done."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class GradingUnavailable(ServiceUnavailable):
    """The host offers too little isolation to run learners' code, or lacks the language."""

    message = "Grading is not available at the moment. Please try again."

    def __init__(self) -> None:
        super().__init__({"sandbox": ["Cannot be used."]})


class OthersFirst(Exception):
    """The learner has used much of the grading time, and others wait: the submission must be queued. No response."""


class GradingBusy(ServiceUnavailable):
    """All slots were taken for as long as the caller would wait, or the queue has stood still for too long."""

    message = "Too many submissions are being graded at the moment. Please try again."
