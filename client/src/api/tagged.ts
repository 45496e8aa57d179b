/** Reading with the tag of what was read, so that a write can say which state it replaces. */

import { errorOf } from "./errors";

export interface Tagged<Body> {
  body: Body;
  tag: string | null;
}

/** Return the body of a success and its ETag, or throw the `ApiError` of a refusal. */
export async function callTagged<Body>(
  asked: Promise<{ data?: Body; error?: unknown; response: Response }>,
): Promise<Tagged<Body>> {
  const { data, error, response } = await asked;
  if (data === undefined) {
    throw errorOf(response, error);
  }
  return { body: data, tag: response.headers.get("ETag") };
}

/** The header of a write that must not undo what somebody else changed meanwhile. */
export function ifMatch(tag: string | null): { "If-Match"?: string } {
  return tag === null ? {} : { "If-Match": tag };
}
