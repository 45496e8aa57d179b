import { type Mutation, onlineManager, useIsFetching, useIsMutating } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";

const SLOW_MS = 4000;
/** A transfer runs on any network, and tells itself how far it is. */
const isNoTransfer = { predicate: ({ options }: Mutation) => options.networkMode !== "always" };

/** Says so when there is no network, or when it keeps us waiting. */
export function Connection() {
  const online = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  );
  const slow = useSlow();
  let sentence = "";
  if (!online) {
    sentence = "You are offline. What you write is kept, and everything goes on when you are back.";
  } else if (slow) {
    sentence = "This takes longer than usual …";
  }
  return (
    <div className={online ? "connection" : "connection lasting"} role="status">
      {sentence && <p>{sentence}</p>}
    </div>
  );
}

function useSlow(): boolean {
  const waiting = useIsFetching() + useIsMutating(isNoTransfer) > 0;
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (waiting) {
      const timer = setTimeout(() => setSlow(true), SLOW_MS);
      return () => clearTimeout(timer);
    }
  }, [waiting]);
  return slow;
}
