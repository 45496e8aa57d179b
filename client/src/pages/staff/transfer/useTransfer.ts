import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Moment } from "./progress";

type Progress = (done: number, total: number | null) => void;

/** A transfer that tells how far it is, and can be stopped. `run` gets the signal to stop by, and what to tell. */
export function useTransfer<Wish, Result>(
  run: (wish: Wish, signal: AbortSignal, onProgress: Progress) => Promise<Result>,
) {
  const stopping = useRef<AbortController>(null);
  const [moment, setMoment] = useState<Moment | null>(null);
  const transfer = useMutation({
    // Offline it fails and says so: a file sent later, unasked, would be a surprise.
    networkMode: "always",
    mutationFn: (wish: Wish) => {
      const began = performance.now();
      stopping.current = new AbortController();
      setMoment({ done: 0, total: null, elapsed: 0 });
      return run(wish, stopping.current.signal, (done, total) =>
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
    moment,
    stop: () => stopping.current?.abort(),
  };
}
