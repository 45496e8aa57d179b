import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Progress } from "./remainingTime";

type OnProgress = (done: number, total: number | null) => void;

/** Run a transfer that reports its progress and can be stopped. */
export function useTransfer<Request, Result>(
  run: (request: Request, signal: AbortSignal, onProgress: OnProgress) => Promise<Result>,
) {
  const controller = useRef<AbortController>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const transfer = useMutation({
    // A transfer fails when the browser is offline, and does not start by itself later.
    networkMode: "always",
    mutationFn: (request: Request) => {
      const startedAt = performance.now();
      controller.current = new AbortController();
      setProgress({ done: 0, total: null, elapsed: 0 });
      return run(request, controller.current.signal, (done, total) =>
        setProgress({ done, total, elapsed: performance.now() - startedAt }),
      );
    },
    onSettled: () => setProgress(null),
  });
  const { error } = transfer;
  const stopped = error instanceof DOMException && error.name === "AbortError";
  return {
    ...transfer,
    error: stopped ? null : error,
    stopped,
    progress,
    stop: () => controller.current?.abort(),
  };
}
