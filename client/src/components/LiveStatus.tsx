import styles from "./LiveStatus.module.css";
/** A message that screen readers announce when it changes. The element must exist before its text does. */
export function LiveStatus({ message }: { message: string }) {
  return (
    <p className={message ? styles.status : "visually-hidden"} role="status">
      {message}
    </p>
  );
}
