import type { ReactNode } from "react";

interface Props {
  label: string;
  children: ReactNode;
}

/** The frame of a table, which scrolls sideways where it does not fit: by the keyboard too, so it can have the focus. */
export function ScrollableTable({ label, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="table-wrap" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
