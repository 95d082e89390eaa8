import { dirname } from 'node:path';
import { runCli } from '../../src/cli/cli.ts';
import type { Io } from '../../src/cli/io.ts';
import type { Environment } from '../../src/config/load-config.ts';
import { dialectOf } from '../../src/storage/dialect.ts';
import { forEachDatabase } from './databases.ts';
import type { Json } from './json.ts';
import { tempDirectory } from './temp-directory.ts';

/** The result of a command. */
export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** Standard output as one JSON value. */
  readonly json: Json;
}

export interface Terminal {
  readonly environment: Environment;
  /** Returns the same terminal with a person at it, who gives these answers in order. */
  answering(...answers: string[]): Terminal;
  /** Returns the same terminal with a width. */
  withColumns(columns: number): Terminal;
  /** Returns the same terminal, at which Ctrl-C is pressed when `signal` resolves. */
  interruptedBy(signal: Promise<void>): Terminal;
  /** Runs `ringup` with these words. A text is split at its spaces. */
  (words: string | readonly string[], input?: string): Promise<Outcome>;
}

/**
 * Returns a terminal whose commands use a data directory of their own. They run through the same entry point as real
 * commands.
 */
export function openTerminal(environment: Environment = {}): Terminal {
  return terminalWith({ RINGUP_DATA_DIR: tempDirectory(), ...environment }, { isTerminal: false }, Promise.resolve());
}

function terminalWith(
  own: Environment,
  person: Pick<Io, 'ask' | 'columns' | 'isTerminal'>,
  interrupted: Promise<void>,
): Terminal {
  const run = async (words: string | readonly string[], input = ''): Promise<Outcome> => {
    let out = '';
    let err = '';
    const status = await runCli(typeof words === 'string' ? words.split(' ').filter(Boolean) : words, {
      environment: own,
      colour: false,
      ...person,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      readInput: async () => input,
      readBytes: async () => Buffer.from(input),
      interrupted: () => interrupted,
    });
    return {
      status,
      out,
      err,
      get json() {
        return JSON.parse(out);
      },
    };
  };
  const answering = (...answers: string[]) => {
    const left = [...answers];
    return terminalWith(own, { ...person, ask: async () => left.shift() ?? '' }, interrupted);
  };
  const withColumns = (columns: number) => terminalWith(own, { ...person, columns, isTerminal: true }, interrupted);
  const interruptedBy = (signal: Promise<void>) => terminalWith(own, person, signal);
  return Object.assign(run, { environment: own, answering, withColumns, interruptedBy });
}

/** A terminal that uses a database, and the location of that database. */
export interface DatabaseTerminal extends Terminal {
  readonly databaseUrl: string;
}

/** Returns a terminal that uses a new, migrated database. */
export type OpenTerminal = (environment?: Environment) => Promise<DatabaseTerminal>;

/** Defines tests of commands once for each kind of database. */
export function forEachTerminal(title: string, define: (open: OpenTerminal) => void): void {
  forEachDatabase(title, (makeUrl) =>
    define(async (environment = {}) => {
      const databaseUrl = await makeUrl();
      return Object.assign(openTerminal({ ...environmentOf(databaseUrl), ...environment }), { databaseUrl });
    }),
  );
}

/** Returns the settings for a database. */
export function environmentOf(databaseUrl: string): Readonly<Record<string, string>> {
  return dialectOf(databaseUrl) === 'sqlite'
    ? { RINGUP_DATA_DIR: dirname(databaseUrl) }
    : { RINGUP_DATA_DIR: tempDirectory(), RINGUP_DATABASE_URL: databaseUrl };
}
