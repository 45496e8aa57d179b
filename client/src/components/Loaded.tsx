import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNotice } from "./ErrorNotice";
import { Skeleton } from "./Skeleton";

interface Props<Data> {
  query: UseQueryResult<Data>;
  /** About how many lines the content has: a placeholder of that height keeps the page from jumping. */
  lines?: number;
  children: (data: Data) => ReactNode;
}

/** The content for the data of a query, or its error with a button to retry, or a placeholder while it loads. */
export function Loaded<Data>({ query, lines = 6, children }: Props<Data>) {
  if (query.data !== undefined) {
    return children(query.data);
  }
  if (query.error) {
    return <ErrorNotice error={query.error} onRetry={() => query.refetch()} />;
  }
  return <Skeleton lines={lines} />;
}
