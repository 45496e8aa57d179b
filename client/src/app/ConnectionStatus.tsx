import { type Mutation, onlineManager, useIsFetching, useIsMutating } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useEndReason } from "../api/session";
import styles from "./ConnectionStatus.module.css";

const SLOW_MS = 4000;

/** Imports and exports run in network mode "always". They take long, and show their own progress. */
const notTransfers = { predicate: ({ options }: Mutation) => options.networkMode !== "always" };

/** Says that the browser is offline, that the session has expired, or that a response takes long. */
export function ConnectionStatus() {
  const online = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  );
  const expired = useEndReason() === "expired";
  const slow = useSlow();
  let message = "";
  if (!online) {
    message = "You are offline. Your work is kept until you are back online.";
  } else if (expired) {
    message = "Your session has expired. Your work is kept. Log in again to continue.";
  } else if (slow) {
    message = "This is taking longer than usual …";
  }
  return (
    <div className={!online || expired ? `${styles.status} ${styles.lasting}` : styles.status} role="status">
      {message && <p>{message}</p>}
    </div>
  );
}

/** Return whether something has been loading for a while. */
function useSlow(): boolean {
  const loading = useIsFetching() + useIsMutating(notTransfers) > 0;
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (loading) {
      const timer = setTimeout(() => setSlow(true), SLOW_MS);
      return () => clearTimeout(timer);
    }
  }, [loading]);
  return slow;
}
