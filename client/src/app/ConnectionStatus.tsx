import { type Mutation, onlineManager, useIsFetching, useIsMutating } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useEndReason } from "../api/session";
import styles from "./ConnectionStatus.module.css";

const SLOW_MS = 4000;
/** A transfer runs on any network, and tells itself how far it is. */
const isNoTransfer = { predicate: ({ options }: Mutation) => options.networkMode !== "always" };

/** Says so when there is no network, when one's log-in has ended, or when something keeps us waiting. */
export function ConnectionStatus() {
  const online = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  );
  const ended = useEndReason() === "expired";
  const slow = useSlow();
  let sentence = "";
  if (!online) {
    sentence = "You are offline. What you write is kept, and everything goes on when you are back.";
  } else if (ended) {
    sentence = "Your log-in has ended. What you wrote is kept: please log in again to go on.";
  } else if (slow) {
    sentence = "This takes longer than usual …";
  }
  return (
    <div className={!online || ended ? `${styles.status} ${styles.lasting}` : styles.status} role="status">
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
