import styles from "./LiveStatus.module.css";
/** A sentence that is read out when it changes. It is always there, since a region that comes with its text is not. */
export function LiveStatus({ sentence }: { sentence: string }) {
  return (
    <p className={sentence ? styles.status : "visually-hidden"} role="status">
      {sentence}
    </p>
  );
}
