/** ETags: a write that sends the ETag of what it replaces fails with 412 if somebody else has changed it since. */

import { call, type FetchResult } from "./client";

interface WithETag<Body> {
  body: Body;
  etag: string | null;
}

/** Return the body of a successful response with its ETag. Throws `ApiError` for any other. */
export async function callWithETag<Body>(request: Promise<FetchResult<Body>>): Promise<WithETag<Body>> {
  const body = await call(request);
  const { response } = await request;
  return { body, etag: response.headers.get("ETag") };
}

export function ifMatch(etag: string | null): { "If-Match"?: string } {
  return etag === null ? {} : { "If-Match": etag };
}
