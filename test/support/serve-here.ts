import { runCli } from '../../src/cli/cli.ts';
import type { Environment } from '../../src/config/load-config.ts';
import { freePort } from './free-port.ts';

/** `ringup serve` in this process. */
export interface ServedHere {
  readonly url: string;
  readonly port: number;
  /** What it said on standard error. */
  said(): string;
  /** Ends it as Ctrl-C does; answers its exit status. */
  stop(): Promise<number>;
}

/** Runs `ringup serve` by the CLI's entry: much quicker than a process of its own, where that is not what is tested. */
export async function serveHere(environment: Environment, options: readonly string[] = []): Promise<ServedHere> {
  const port = Number(environment.RINGUP_LISTEN?.split(':').at(-1) ?? (await freePort()));
  const listening = Promise.withResolvers<'listening'>();
  const interrupted = Promise.withResolvers<void>();
  let said = '';
  const ended = runCli(['serve', ...options], {
    // Standard output belongs to the tests.
    environment: { RINGUP_LISTEN: `127.0.0.1:${port}`, RINGUP_LOG_LEVEL: 'silent', ...environment },
    colour: false,
    out: () => {},
    err: (text) => {
      said += text;
      if (said.includes('Ringup listens on')) listening.resolve('listening');
    },
    readInput: async () => '',
    readBytes: async () => new Uint8Array(),
    interrupted: () => interrupted.promise,
  });
  const first = await Promise.race([listening.promise, ended]);
  if (first !== 'listening') throw new Error(`serve did not start: ${said}`);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    said: () => said,
    stop: () => {
      interrupted.resolve();
      return ended;
    },
  };
}
