"""Why a transfer of scores does not happen, or ends before its end."""

from project.web.errors import ApiError, InvalidPayload, ServiceUnavailable


class NothingUsable(ApiError):
    """No line was good; or, for a load that is all or nothing, one was bad. Nothing was written."""

    http_status = 400
    status = "fail"
    message = "Nothing was written."


class LengthRequired(ApiError):
    """A load that is all or nothing must say its length: the end of a chunked body cannot be told from a cut."""

    http_status = 411
    status = "fail"
    message = "With atomic=true, a Content-Length header is required."


class BodyTooLong(InvalidPayload):
    """The body is longer than TRANSFER_MAX_BYTES."""

    http_status = 413


class BodyCut(ApiError):
    """The connection ended before the body did."""

    http_status = 400
    status = "fail"
    message = "The request body is incomplete."


class TooManyTransfers(ServiceUnavailable):
    """As many transfers as this process allows are under way."""

    message = "Too many transfers are in progress. Please try again."


class ExportTooLarge(ApiError):
    """The export would have more than TRANSFER_MAX_BYTES."""

    http_status = 400
    status = "fail"
    message = "The export is too large. Please narrow the filters."


class StorageFull(ApiError):
    """A disk is full: the database's, or the one for temporary files."""

    http_status = 507
    message = "Storage is full. Contact the operator."
