import { constants } from 'node:os';
import { buffer, text } from 'node:stream/consumers';
import type { Environment } from '../config/load-config.ts';
import { wrapLines } from '../lib/text-width.ts';

/** What a command uses of its process. Tests pass their own. */
export interface Io {
  readonly environment: Environment;
  /** Whether standard output is a terminal that shows colours. */
  readonly colour: boolean;
  /** Whether standard output is a terminal, which executes control characters. */
  readonly isTerminal: boolean;
  /** The width of the terminal; absent if standard output is not a terminal, or one that does not know it. */
  readonly columns?: number;
  /** Asks the person at the terminal; absent if there is no terminal. */
  readonly ask?: (question: string) => Promise<string>;
  out(text: string): void;
  err(text: string): void;
  /** Returns all of standard input as text. */
  readInput(): Promise<string>;
  /** Returns all of standard input as bytes, in any encoding. */
  readBytes(): Promise<Uint8Array>;
  /** Resolves at the next SIGINT or SIGTERM. Another one after that ends the process immediately. */
  interrupted(): Promise<void>;
}

/**
 * Ctrl-C reaches npm, the launcher and this process, and the first two forward it. A signal that follows within this
 * time is the same Ctrl-C.
 */
const echoMs = 1_000;

export const processIo: Io = {
  environment: process.env,
  colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  isTerminal: process.stdout.isTTY === true,
  ...(hasWidth(process.stdout) ? { columns: process.stdout.columns } : {}),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  out: (line) =>
    void process.stdout.write(line, (error) => {
      if (error) endUnread(error);
    }),
  err: (text) => void process.stderr.write(onTerminal(process.stderr, text)),
  readInput: () => text(process.stdin),
  readBytes: () => buffer(process.stdin),
  interrupted: () =>
    new Promise((resolve) => {
      let first: number | undefined;
      const onSignal = (signal: NodeJS.Signals): void => {
        first ??= performance.now();
        if (performance.now() - first > echoMs) process.exit(128 + constants.signals[signal]);
        resolve();
      };
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
    }),
};

/** Returns whether the stream knows its width. A terminal that does not know it says 0. */
function hasWidth({ isTTY, columns }: NodeJS.WriteStream): boolean {
  return isTTY === true && columns > 0;
}

/** Wraps lines on a terminal only, so that programs find each sentence on one line. */
function onTerminal(stream: NodeJS.WriteStream, text: string): string {
  return hasWidth(stream) ? wrapLines(text, stream.columns) : text;
}

/**
 * Reads a line without readline's terminal mode, so that Ctrl-C ends the process as usual. Returns an empty answer at
 * the end of the input.
 */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin });
  process.stderr.write(question);
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}

function endUnread(error: NodeJS.ErrnoException): never {
  // The reader has stopped early (`./ringup account list | head`), which is not an error.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`Standard output cannot be written: ${error.message}.\n`);
  process.exit(1);
}
