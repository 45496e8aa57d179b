/** Events that the service sends, so that nobody need ask again and again; where it sends none, pages ask. */

import { EventSourceParserStream } from "eventsource-parser/stream";
import { useEffect, useEffectEvent, useState } from "react";
import { readToken, useToken } from "./session";

export type Topic = "submissions" | "leaderboard";

export interface ServerEvent {
  name: string;
  data: unknown;
}

const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 60_000;

/**
 * Listen while mounted and wanted. Return whether events arrive: where they do not, the caller polls.
 * EventSource would be simpler, but cannot send the token.
 */
export function useEvents(topic: Topic, onEvent: (event: ServerEvent) => void, wanted = true): boolean {
  const token = useToken();
  const [live, setLive] = useState(false);
  const onServerEvent = useEffectEvent(onEvent);
  useEffect(() => {
    if (!wanted || token === null) {
      return;
    }
    const ending = new AbortController();
    listen(topic, ending.signal, onServerEvent, setLive);
    return () => {
      ending.abort();
      setLive(false);
    };
  }, [topic, token, wanted]);
  return live;
}

/** Connect, and again after each end: when the service says so, or with longer and longer waits while it does not work. */
async function listen(
  topic: Topic,
  signal: AbortSignal,
  onServerEvent: (event: ServerEvent) => void,
  setLive: (live: boolean) => void,
): Promise<void> {
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      const body = await connect(topic, signal);
      setLive(true);
      wait = FIRST_WAIT_MS;
      const events = parse(body, (milliseconds) => {
        wait = milliseconds;
      });
      await dispatchEvents(events, onServerEvent);
    } catch {
      // No such address, no network, or a proxy that cut it off: the same to us.
    }
    if (!signal.aborted) {
      setLive(false);
    }
    await pause(wait, signal);
    wait = Math.min(2 * wait, MAX_WAIT_MS);
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

/** Read events. A stream that has to make room for another one says last how much later to come back. */
function parse(
  body: ReadableStream<BufferSource>,
  onRetry: (milliseconds: number) => void,
): ReadableStreamDefaultReader<EventMessage> {
  return body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ onRetry }))
    .getReader();
}

interface EventMessage {
  event?: string | undefined;
  data: string;
}

async function dispatchEvents(
  events: ReadableStreamDefaultReader<EventMessage>,
  onServerEvent: (event: ServerEvent) => void,
): Promise<void> {
  for (let next = await events.read(); !next.done; next = await events.read()) {
    onServerEvent({ name: next.value.event ?? "message", data: JSON.parse(next.value.data || "null") });
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
