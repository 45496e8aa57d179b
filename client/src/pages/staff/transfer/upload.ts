/** UploadOptions a file with progress, which fetch does not tell. */

import { errorFrom, UnreachableError } from "../../../api/errors";
import type { BulkSummary } from "../../../api/schema";
import { endSession, readToken } from "../../../api/session";

export const FORMATS = [
  ["text/csv", "CSV"],
  ["application/x-ndjson", "NDJSON, a JSON object a line"],
] as const;

export interface UploadOptions {
  file: File;
  type: string;
  atomic: boolean;
  signal: AbortSignal;
  onProgress: (sent: number, total: number) => void;
}

/** The answer to a load. A refused one may tell what became of the lines as well. */
export interface UploadResult {
  message: string;
  error: Error | null;
  summary: BulkSummary | null;
}

/** Return the format that a file's name speaks for. */
export function formatOf(fileName: string): string {
  return /\.(ndjson|jsonl)$/i.test(fileName) ? FORMATS[1][0] : FORMATS[0][0];
}

/** Load scores from a file. Rejects when it is aborted, or no answer comes. */
export function upload({ file, type, atomic, signal, onProgress }: UploadOptions): Promise<UploadResult> {
  return new Promise((resolve, reject) => {
    const token = readToken();
    const request = new XMLHttpRequest();
    request.open("POST", `/scores/bulk${atomic ? "?atomic=true" : ""}`);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", type);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded, total));
    request.addEventListener("load", () => {
      const answer = parseResponse(request);
      if (
        answer.error &&
        "isInvalidToken" in answer.error &&
        answer.error.isInvalidToken &&
        token === readToken()
      ) {
        endSession("expired");
      }
      resolve(answer);
    });
    request.addEventListener("error", () => reject(new UnreachableError()));
    request.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function parseResponse(request: XMLHttpRequest): UploadResult {
  let body: { message?: string; data?: BulkSummary } | string;
  try {
    body = JSON.parse(request.responseText);
  } catch {
    body = request.responseText;
  }
  const told = typeof body === "object" && body !== null ? body : {};
  const { status } = request;
  const headers = new Headers();
  for (const name of ["X-Request-ID", "Retry-After"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) {
      headers.set(name, value);
    }
  }
  return {
    message: told.message ?? "",
    error: status < 300 ? null : errorFrom(new Response(null, { status, headers }), body),
    summary: told.data ?? null,
  };
}
