import { dirname } from 'node:path';
import { runCli } from '../../src/cli/cli.ts';
import type { Io } from '../../src/cli/io.ts';
import type { Environment } from '../../src/config/load-config.ts';
import { dialectOf } from '../../src/storage/dialect.ts';
import { forEachDatabase } from './databases.ts';
import type { Json } from './json.ts';
import { tempDirectory } from './temp-directory.ts';

/** What a command left behind. */
export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** Standard output as one JSON value. */
  readonly json: Json;
}

export interface Terminal {
  readonly environment: Environment;
  /** The same terminal with a person at it, who gives these answers in turn. */
  answering(...answers: string[]): Terminal;
  /** The same with a width. */
  withColumns(columns: number): Terminal;
  /** The same, where Ctrl-C is pressed once this resolves; by default at once. */
  interruptedBy(signal: Promise<void>): Terminal;
  /** Runs `ringup` with these words: a text is split at its spaces. */
  (words: string | readonly string[], input?: string): Promise<Outcome>;
}

/** A terminal whose commands work in a data directory of their own, through the same door as the real ones. */
export function openTerminal(environment: Environment = {}): Terminal {
  return terminalWith({ RINGUP_DATA_DIR: tempDirectory(), ...environment }, {}, Promise.resolve());
}

function terminalWith(own: Environment, person: Pick<Io, 'ask' | 'columns'>, interrupted: Promise<void>): Terminal {
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
  const withColumns = (columns: number) => terminalWith(own, { ...person, columns }, interrupted);
  const interruptedBy = (signal: Promise<void>) => terminalWith(own, person, signal);
  return Object.assign(run, { environment: own, answering, withColumns, interruptedBy });
}

/** A terminal on a database, and where that is. */
export interface DatabaseTerminal extends Terminal {
  readonly databaseUrl: string;
}

/** Makes a terminal on a migrated database of its own. */
export type OpenTerminal = (environment?: Environment) => Promise<DatabaseTerminal>;

/** Describes what commands do once for each kind of database. */
export function forEachTerminal(title: string, define: (open: OpenTerminal) => void): void {
  forEachDatabase(title, (makeUrl) =>
    define(async (environment = {}) => {
      const databaseUrl = await makeUrl();
      return Object.assign(openTerminal({ ...environmentOf(databaseUrl), ...environment }), { databaseUrl });
    }),
  );
}

/** The settings that lead to a database. */
export function environmentOf(databaseUrl: string): Readonly<Record<string, string>> {
  return dialectOf(databaseUrl) === 'sqlite'
    ? { RINGUP_DATA_DIR: dirname(databaseUrl) }
    : { RINGUP_DATA_DIR: tempDirectory(), RINGUP_DATABASE_URL: databaseUrl };
}
