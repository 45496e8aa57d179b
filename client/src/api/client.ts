/** Calls of the API, typed by its own description. */

import createClient, { type Middleware } from "openapi-fetch";
import { errorFrom, UnreachableError } from "./errors";
import type { paths } from "./schema";
import { endSession, readToken } from "./session";

const bearer: Middleware = {
  onRequest({ request }) {
    const token = readToken();
    if (token && !request.headers.has("Authorization")) {
      request.headers.set("Authorization", `Bearer ${token}`);
    }
    return request;
  },
  async onResponse({ request, response }) {
    const isOurs = response.headers.get("Content-Type")?.includes("json") ?? false;
    if (response.ok && !isOurs) {
      throw new UnreachableError(); // It is from whoever wants one to log in to the network first.
    }
    // An answer to an older token, that comes late, says nothing about the one of now.
    if (
      response.status === 401 &&
      isOurs &&
      request.headers.get("Authorization") === `Bearer ${readToken()}`
    ) {
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

/** What is read is given up after a while, and asked for anew: a connection that hangs seldom comes back to life. */
const READ_TIMEOUT_MS = 30_000;

function fetchWithTimeout(request: Request): Promise<Response> {
  if (request.method !== "GET") {
    return fetch(request);
  }
  return fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(READ_TIMEOUT_MS)]) });
}

/** `api.GET("/exercises/{exercise_id}", …)` and so on. Wrap it in `call`. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: fetchWithTimeout });
api.use(bearer);

interface Answer<Body> {
  data?: Body;
  error?: unknown;
  response: Response;
}

/** Return the body of a success, or throw the `ApiError` of a refusal. */
export async function call<Body>(asked: Promise<Answer<Body>>): Promise<Body> {
  const { data, error, response } = await asked;
  if (data === undefined) {
    throw errorFrom(response, error);
  }
  return data;
}
