import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Json } from '../../test/support/json.ts';
import { type ServingProcess, startServe } from '../../test/support/serve.ts';

const launcher = fileURLToPath(new URL('../../bin/ringup.cjs', import.meta.url));
const run = promisify(execFile);

/** This version of Ringup with one database. Each command runs in a process of its own. */
export interface Ringup {
  serve(): Promise<ServingProcess>;
  /** Runs a command with `--json`, and returns its output. */
  command(words: readonly string[], input?: string): Promise<Json>;
}

export function ringupWith(environment: Readonly<Record<string, string>>): Ringup {
  return {
    serve: () => startServe(environment),
    async command(words, input = '') {
      const running = run(process.execPath, [launcher, ...words, '--json'], {
        env: { PATH: process.env.PATH, ...environment },
      });
      running.child.stdin?.end(input);
      return JSON.parse((await running).stdout);
    },
  };
}
