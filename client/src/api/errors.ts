/** What can go wrong with a call, always as a sentence that may be shown. */

const TOO_LARGE = 413;

/** A refusal by the service: its sentence, its request id, and by field what is wrong with it. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly httpStatus: number,
    readonly requestId: string | null = null,
    readonly fields: Record<string, string[]> = {},
    /** Seconds after which trying again makes sense, if the service said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** The token is unknown, expired or revoked; a missing permission has the same status and another sentence. */
  get isInvalidToken(): boolean {
    return this.httpStatus === 401 && this.message === "Invalid token.";
  }

  /** Whether the same call may succeed later without a change. */
  get isTemporary(): boolean {
    return this.httpStatus === 429 || this.httpStatus >= 500;
  }
}

/** No answer came: no network, or no service. */
export class UnreachableError extends Error {
  constructor() {
    super("The service cannot be reached. Check your connection, and try again.");
    this.name = "Unreachable";
  }
}

/** Return the error of an answer that is no success. A proxy's answer may have any body. */
export function errorFrom(response: Response, body: unknown): ApiError {
  const refusal = isObject(body) ? body : {};
  const message =
    typeof refusal.message === "string"
      ? refusal.message
      : response.status === TOO_LARGE
        ? "This is too large to be sent."
        : `The service answered with status ${response.status}.`;
  const requestId =
    typeof refusal.request_id === "string" ? refusal.request_id : response.headers.get("X-Request-ID");
  const fields = isObject(refusal.errors) ? (refusal.errors as Record<string, string[]>) : {};
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new ApiError(message, response.status, requestId, fields, Number.isNaN(seconds) ? null : seconds);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
