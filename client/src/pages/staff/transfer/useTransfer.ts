import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Progress } from "./remainingTime";

type OnProgress = (done: number, total: number | null) => void;

/** A transfer that tells how far it is, and can be stopped. `run` gets the signal to stop by, and what to tell. */
export function useTransfer<Request, Result>(
  run: (request: Request, signal: AbortSignal, onProgress: OnProgress) => Promise<Result>,
) {
  const stopping = useRef<AbortController>(null);
  const [progress, setMoment] = useState<Progress | null>(null);
  const transfer = useMutation({
    // Offline it fails and says so: a file sent later, unasked, would be a surprise.
    networkMode: "always",
    mutationFn: (request: Request) => {
      const began = performance.now();
      stopping.current = new AbortController();
      setMoment({ done: 0, total: null, elapsed: 0 });
      return run(request, stopping.current.signal, (done, total) =>
        setMoment({ done, total, elapsed: performance.now() - began }),
      );
    },
    onSettled: () => setMoment(null),
  });
  const { error } = transfer;
  const stopped = error instanceof DOMException && error.name === "AbortError";
  return {
    ...transfer,
    error: stopped ? null : error,
    stopped,
    progress,
    stop: () => stopping.current?.abort(),
  };
}
