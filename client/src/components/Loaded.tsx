import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNotice } from "./ErrorNotice";
import { Skeleton } from "./Skeleton";

interface Props<Data> {
  query: UseQueryResult<Data>;
  /** How many lines the content will take, about: so much room is kept, and nothing jumps. */
  lines?: number;
  children: (data: Data) => ReactNode;
}

/** What a query brought, or its error with a way to try again, or the room that it will take. */
export function Loaded<Data>({ query, lines = 6, children }: Props<Data>) {
  if (query.data !== undefined) {
    return children(query.data);
  }
  if (query.error) {
    return <ErrorNotice error={query.error} onRetry={() => query.refetch()} />;
  }
  return <Skeleton lines={lines} />;
}
