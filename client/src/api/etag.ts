/** Reading with the tag of what was read, so that a write can say which state it replaces. */

import { errorFrom } from "./errors";

export interface WithETag<Body> {
  body: Body;
  tag: string | null;
}

/** Return the body of a success and its ETag, or throw the `ApiError` of a refusal. */
export async function callWithETag<Body>(
  asked: Promise<{ data?: Body; error?: unknown; response: Response }>,
): Promise<WithETag<Body>> {
  const { data, error, response } = await asked;
  if (data === undefined) {
    throw errorFrom(response, error);
  }
  return { body: data, tag: response.headers.get("ETag") };
}

/** The header of a write that must not undo what somebody else changed meanwhile. */
export function ifMatch(tag: string | null): { "If-Match"?: string } {
  return tag === null ? {} : { "If-Match": tag };
}
