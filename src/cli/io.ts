import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import type { Environment } from '../config/load-config.ts';

/** What a command uses of its process. Tests pass their own. */
export interface Io {
  readonly environment: Environment;
  /** Whether standard output is a terminal that shows colours. */
  readonly colour: boolean;
  out(text: string): void;
  err(text: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Resolves at the next SIGINT or SIGTERM. Another one after that ends the process immediately. */
  interrupted(): Promise<void>;
}

/** Ctrl-C reaches npm, the launcher and this process, and the first two forward it: so soon, it is the same signal. */
const echoMs = 1_000;

export const processIo: Io = {
  environment: process.env,
  colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  out: (line) =>
    void process.stdout.write(line, (error) => {
      if (error) endUnread(error);
    }),
  err: (line) => void process.stderr.write(line),
  readInput: () => text(process.stdin),
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

function endUnread(error: NodeJS.ErrnoException): never {
  // The reader has stopped early (`ringup account list | head`), which is not a failure.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`Standard output cannot be written: ${error.message}.\n`);
  process.exit(1);
}
