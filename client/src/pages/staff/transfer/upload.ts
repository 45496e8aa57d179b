/** Uploads with progress, which fetch cannot report. */

import { type ApiError, errorFrom, UnreachableError } from "../../../api/errors";
import type { BulkSummary } from "../../../api/schema";
import { endSession, readToken } from "../../../api/session";

export const FORMATS = [
  ["text/csv", "CSV"],
  ["application/x-ndjson", "NDJSON (one JSON object per line)"],
] as const;

export interface UploadOptions {
  file: File;
  type: string;
  atomic: boolean;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/** The response to an import. An error may have a summary of the lines too. */
export interface UploadResult {
  message: string;
  error: ApiError | null;
  summary: BulkSummary | null;
}

/** Return the format that the extension of a file name stands for. */
export function formatOf(fileName: string): string {
  return /\.(ndjson|jsonl)$/i.test(fileName) ? FORMATS[1][0] : FORMATS[0][0];
}

/** Import scores from a file. Rejects if it is aborted or there is no response. */
export function upload({ file, type, atomic, signal, onProgress }: UploadOptions): Promise<UploadResult> {
  return new Promise((resolve, reject) => {
    const token = readToken();
    const request = new XMLHttpRequest();
    request.open("POST", `/scores/bulk${atomic ? "?atomic=true" : ""}`);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", type);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded, total));
    request.addEventListener("load", () => {
      const result = parseResponse(request);
      if (result.error?.isInvalidToken && token === readToken()) {
        endSession("expired");
      }
      resolve(result);
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
  const parsed = typeof body === "object" && body !== null ? body : {};
  const { status } = request;
  const headers = new Headers();
  for (const name of ["X-Request-ID", "Retry-After"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) {
      headers.set(name, value);
    }
  }
  return {
    message: parsed.message ?? "",
    error: status < 300 ? null : errorFrom(new Response(null, { status, headers }), body),
    summary: parsed.data ?? null,
  };
}
