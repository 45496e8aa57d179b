/** The errors of a request. Their messages are sentences that pages show. */

const PAYLOAD_TOO_LARGE = 413;

/** An error response of the API, with its message, its request id and the errors of each field. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly httpStatus: number,
    readonly requestId: string | null = null,
    readonly fields: Record<string, string[]> = {},
    /** Seconds, from the header of that name. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Whether the token is unknown, expired or revoked. A missing permission is a 401 too, with another message. */
  get isInvalidToken(): boolean {
    return this.httpStatus === 401 && this.message === "Invalid token.";
  }

  /** Whether the same request may succeed later. */
  get isTemporary(): boolean {
    return this.httpStatus === 429 || this.httpStatus >= 500;
  }
}

/** There was no response: the network or the service is down. */
export class UnreachableError extends Error {
  constructor() {
    super("The service cannot be reached. Check your connection and try again.");
    this.name = "UnreachableError";
  }
}

/** Return the error of an unsuccessful response. One from a proxy may have any body. */
export function errorFrom(response: Response, body: unknown): ApiError {
  const parsed = isObject(body) ? body : {};
  const message = typeof parsed.message === "string" ? parsed.message : defaultMessage(response.status);
  const requestId =
    typeof parsed.request_id === "string" ? parsed.request_id : response.headers.get("X-Request-ID");
  const fields = isObject(parsed.errors) ? (parsed.errors as Record<string, string[]>) : {};
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new ApiError(message, response.status, requestId, fields, Number.isNaN(seconds) ? null : seconds);
}

function defaultMessage(status: number): string {
  return status === PAYLOAD_TOO_LARGE
    ? "This is too large to send."
    : `The service responded with status ${status}.`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
