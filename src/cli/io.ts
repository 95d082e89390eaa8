import { text } from 'node:stream/consumers';
import type { Environment } from '../config/load-config.ts';

/** What a command may touch of the process it runs in; tests hand in their own. */
export interface Io {
  readonly environment: Environment;
  /** Whether standard output is a terminal that shows colours. */
  readonly colour: boolean;
  out(text: string): void;
  err(text: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Resolves at the first SIGINT or SIGTERM from now on; a second one ends the process at once. */
  interrupted(): Promise<void>;
}

export const processIo: Io = {
  environment: process.env,
  colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  out: (line) => void process.stdout.write(line),
  err: (line) => void process.stderr.write(line),
  readInput: () => text(process.stdin),
  interrupted: () =>
    new Promise((resolve) => {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      const once = (): void => {
        for (const signal of signals) process.off(signal, once);
        resolve();
      };
      for (const signal of signals) process.on(signal, once);
    }),
};
