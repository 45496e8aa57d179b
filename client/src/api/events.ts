/** Server-sent events, so that pages need not poll. Pages poll when no events arrive. */

import { EventSourceParserStream } from "eventsource-parser/stream";
import { useEffect, useEffectEvent, useState } from "react";
import { readToken, useToken } from "./session";

export type Topic = "submissions" | "leaderboard";

const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 60_000;

/**
 * Call `onEvent` for each event of a topic while the component is mounted and `enabled`. Return whether a connection is
 * open. The browser's own EventSource cannot send the token.
 */
export function useEvents(topic: Topic, onEvent: () => void, enabled = true): boolean {
  const token = useToken();
  const [connected, setConnected] = useState(false);
  const handleEvent = useEffectEvent(onEvent);
  useEffect(() => {
    if (!enabled || token === null) {
      return;
    }
    const controller = new AbortController();
    listen(topic, controller.signal, handleEvent, setConnected);
    return () => {
      controller.abort();
      setConnected(false);
    };
  }, [topic, token, enabled]);
  return connected;
}

/** Keep a connection open until `signal` aborts: reconnect when it ends, with exponential backoff while that fails. */
async function listen(
  topic: Topic,
  signal: AbortSignal,
  onEvent: () => void,
  setConnected: (connected: boolean) => void,
): Promise<void> {
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    try {
      const stream = await connect(topic, signal);
      setConnected(true);
      retryMs = FIRST_RETRY_MS;
      // The service sends `retry` before it closes a stream to make room for another.
      const parser = new EventSourceParserStream({
        onRetry: (milliseconds) => {
          retryMs = milliseconds;
        },
      });
      const events = stream.pipeThrough(new TextDecoderStream()).pipeThrough(parser).getReader();
      while (!(await events.read()).done) {
        onEvent();
      }
    } catch {
      // The network failed, the service has no events, or a proxy closed the connection: reconnect in any case.
    }
    if (!signal.aborted) {
      setConnected(false);
    }
    await sleep(retryMs, signal);
    retryMs = Math.min(2 * retryMs, MAX_RETRY_MS);
  }
}

async function connect(topic: Topic, signal: AbortSignal): Promise<ReadableStream<BufferSource>> {
  const headers = { Accept: "text/event-stream", Authorization: `Bearer ${readToken()}` };
  const response = await fetch(`/events?topics=${topic}`, { headers, signal, cache: "no-store" });
  if (!response.ok || !response.body) {
    throw new Error(`No events: ${response.status}`);
  }
  return response.body;
}

/** Resolve after a time, or as soon as `signal` aborts. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
