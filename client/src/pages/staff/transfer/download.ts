/** Reading a file with progress, and handing it to the browser to keep. */

import { errorFrom, UnreachableError } from "../../../api/errors";
import { readToken } from "../../../api/session";

interface DownloadOptions {
  address: string;
  signal: AbortSignal;
  onProgress: (read: number, total: number | null) => void;
}

/** Return a file of the service. Throws `ApiError` for a refusal, `Unreachable` where it breaks off. */
export async function download({ address, signal, onProgress }: DownloadOptions): Promise<Blob> {
  const response = await fetch(address, {
    signal,
    headers: { Authorization: `Bearer ${readToken()}` },
  }).catch(explain);
  if (!response.ok || !response.body) {
    throw errorFrom(response, await response.json().catch(() => null));
  }
  const total = Number(response.headers.get("Content-Length")) || null;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (;;) {
    const piece = await reader.read().catch(explain);
    if (piece.done) {
      return new Blob(parts, { type: response.headers.get("Content-Type") ?? "" });
    }
    parts.push(piece.value);
    done += piece.value.length;
    onProgress(done, total);
  }
}

/** An abort is the person's own request; everything else is the network. */
function explain(error: unknown): never {
  throw error instanceof DOMException && error.name === "AbortError" ? error : new UnreachableError();
}

/** Let the browser keep a file, as if a link to it had been followed. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser may take it up a little later.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
