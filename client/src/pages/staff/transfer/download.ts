/** Downloads with progress. */

import { errorFrom, UnreachableError } from "../../../api/errors";
import { readToken } from "../../../api/session";

interface DownloadOptions {
  url: string;
  signal: AbortSignal;
  onProgress: (done: number, total: number | null) => void;
}

/** Return a file from the API. Throws `ApiError`, or `UnreachableError` if the connection fails. */
export async function download({ url, signal, onProgress }: DownloadOptions): Promise<Blob> {
  const response = await fetch(url, {
    signal,
    headers: { Authorization: `Bearer ${readToken()}` },
  }).catch(rethrow);
  if (!response.ok || !response.body) {
    throw errorFrom(response, await response.json().catch(() => null));
  }
  const total = Number(response.headers.get("Content-Length")) || null;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (;;) {
    const piece = await reader.read().catch(rethrow);
    if (piece.done) {
      return new Blob(parts, { type: response.headers.get("Content-Type") ?? "" });
    }
    parts.push(piece.value);
    done += piece.value.length;
    onProgress(done, total);
  }
}

/** An abort is the person's own request; everything else is the network. */
function rethrow(error: unknown): never {
  throw error instanceof DOMException && error.name === "AbortError" ? error : new UnreachableError();
}

/** Let the browser save a file. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser may read it a little later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
