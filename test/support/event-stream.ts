import { waitUntil } from './wait-until.ts';

export interface ReadStream {
  readonly status: number;
  readonly headers: Headers;
  /** Returns everything received so far. */
  text(): string;
  /** Returns the data of the `progress` events received so far. */
  states(): readonly string[];
  /** Returns the ids of the `progress` events received so far; undefined for those without one. */
  revisions(): readonly (string | undefined)[];
  /** Returns whether the server ended the answer. */
  hasEnded(): boolean;
  close(): void;
}

/** Opens an event stream over a real connection and reads it until it is closed. */
export async function readEventStream(url: string, headers: Record<string, string> = {}): Promise<ReadStream> {
  const aborted = new AbortController();
  const answer = await fetch(url, { headers, redirect: 'manual', signal: aborted.signal });
  let text = '';
  let ended = false;
  const read = async (): Promise<void> => {
    for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString();
    ended = true;
  };
  void read().catch(() => {});
  return {
    status: answer.status,
    headers: answer.headers,
    text: () => text,
    states: () => [...text.matchAll(/event: progress\ndata: (.*)\n\n/g)].map(([, state = '']) => state),
    revisions: () => [...text.matchAll(/(?:id: (.*)\n)?event: progress\n/g)].map(([, id]) => id),
    hasEnded: () => ended,
    close: () => aborted.abort(),
  };
}

/** Resolves when the stream has sent this state. Throws after a while. */
export async function untilState(stream: ReadStream, state: string): Promise<void> {
  await until(
    () => stream.states().at(-1) === state,
    () => `${state} did not come: ${stream.text()}`,
  );
}

export async function untilEnded(stream: ReadStream): Promise<void> {
  await until(stream.hasEnded, () => `the stream did not end: ${stream.text()}`);
}

async function until(isSo: () => boolean, complaint: () => string): Promise<void> {
  if (!(await waitUntil(isSo))) throw new Error(complaint());
}
