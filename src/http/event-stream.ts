import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { App } from '../app.ts';
import type { Holder } from './open-streams.ts';
import { type Sent, sent } from './sent.ts';

const maxMs = 30 * 60_000;
/** Proxies close connections that transfer nothing for a minute. */
const commentEveryMs = 15_000;
const checkEveryMs = 1_000;
/** Tells our pages not to reconnect. The empty `data` is needed, because browsers drop events without data. */
const lastBlock = 'event: end\ndata:\n\n';

/** What a live page can show. */
export interface LiveState {
  readonly state: string;
  /** Differs if the page shows something else in the same state. Sent as the event's id, which our pages compare. */
  readonly revision?: string;
}

/** An answer that continues while something changes. */
export interface EventStream {
  readonly app: Pick<App, 'steadyNow' | 'outages'>;
  readonly holders: readonly Holder[];
  /** Returns whether the reader may still see the events. Called once a second. */
  mayGoOn(): Promise<boolean>;
  /** Yields the current state at once, then each new state, until the last one or until the signal is aborted. */
  watch(signal: AbortSignal): AsyncIterable<LiveState>;
}

export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  // A proxy that compresses answers would delay events.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  // With a kept connection, a server that stops would wait for it.
  connection: 'close',
} as const;

/**
 * Sends each state as an event `progress`, until the last state, while the reader may see it, and for at most half an
 * hour.
 */
export function sendEventStream(reply: FastifyReply, { app, holders, mayGoOn, watch }: EventStream): Sent {
  const out = new PassThrough();
  const ended = new AbortController();
  const { openStreams } = reply.server;
  const startedAt = app.steadyNow();
  let saidAt = startedAt;
  const say = (block: string): void => {
    saidAt = app.steadyNow();
    if (out.writable) out.write(block);
  };
  const stream = {
    end(again: boolean): void {
      ended.abort();
      if (out.writable) out.end(again ? '' : lastBlock);
    },
  };
  const fail = (error: unknown): void => {
    if (!ended.signal.aborted) app.outages.report(error, { request: reply.request.id }, 'an event stream failed');
    stream.end(true);
  };
  let isChecking = false;
  const check = async (): Promise<void> => {
    // The previous check may still be running.
    if (isChecking) return;
    isChecking = true;
    const now = app.steadyNow();
    if (now - startedAt >= maxMs || !(await mayGoOn())) stream.end(false);
    else if (now - saidAt >= commentEveryMs) say(':\n\n');
    isChecking = false;
  };
  const sendAll = async (): Promise<void> => {
    for await (const { state, revision } of watch(ended.signal)) {
      say(`${revision === undefined ? '' : `id: ${revision}\n`}event: progress\ndata: ${state}\n\n`);
    }
    stream.end(false);
  };
  const timer = setInterval(() => void check().catch(fail), checkEveryMs);
  out.once('close', () => {
    clearInterval(timer);
    openStreams.remove(stream, holders);
    ended.abort();
  });
  openStreams.add(stream, holders);
  reply.headers(eventStreamHeaders).send(out);
  void sendAll().catch(fail);
  return sent;
}
