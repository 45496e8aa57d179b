import { onlineManager, useIsFetching } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";

const SLOW_MS = 4000;

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
    <div className="connection" role="status">
      {sentence && <p>{sentence}</p>}
    </div>
  );
}

function useSlow(): boolean {
  const fetching = useIsFetching() > 0;
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (fetching) {
      const timer = setTimeout(() => setSlow(true), SLOW_MS);
      return () => clearTimeout(timer);
    }
  }, [fetching]);
  return slow;
}
