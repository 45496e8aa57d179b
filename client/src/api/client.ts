/** A typed client of the API. Its types are generated from `openapi.json`. */

import createClient, { type Middleware } from "openapi-fetch";
import { errorFrom, UnreachableError } from "./errors";
import type { paths } from "./schema";
import { endSession, readToken } from "./session";

const authentication: Middleware = {
  onRequest({ request }) {
    const token = readToken();
    if (token && !request.headers.has("Authorization")) {
      request.headers.set("Authorization", `Bearer ${token}`);
    }
    return request;
  },
  async onResponse({ request, response }) {
    const isJson = response.headers.get("Content-Type")?.includes("json") ?? false;
    if (response.ok && !isJson) {
      throw new UnreachableError(); // Not from the API: for example a network's own log-in page.
    }
    // A late response to a request with an older token says nothing about the current one.
    const sentCurrentToken = request.headers.get("Authorization") === `Bearer ${readToken()}`;
    if (response.status === 401 && isJson && sentCurrentToken) {
      const body = await response.clone().json();
      if (errorFrom(response, body).isInvalidToken) {
        endSession("expired");
      }
    }
  },
  onError({ error }) {
    return error instanceof DOMException && error.name === "AbortError" ? undefined : new UnreachableError();
  },
};

/** Reads time out and are retried, since a connection that hangs rarely recovers. */
const READ_TIMEOUT_MS = 30_000;

function fetchWithTimeout(request: Request): Promise<Response> {
  if (request.method !== "GET") {
    return fetch(request);
  }
  return fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(READ_TIMEOUT_MS)]) });
}

/** `api.GET("/exercises/{exercise_id}", …)` and so on. Wrap it in `call`. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: fetchWithTimeout });
api.use(authentication);

/** What a method of `api` resolves to. */
export interface FetchResult<Body> {
  data?: Body;
  error?: unknown;
  response: Response;
}

/** Return the body of a successful response. Throws `ApiError` for any other. */
export async function call<Body>(request: Promise<FetchResult<Body>>): Promise<Body> {
  const { data, error, response } = await request;
  if (data === undefined) {
    throw errorFrom(response, error);
  }
  return data;
}
