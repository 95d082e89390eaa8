import { runCli } from '../../src/cli/cli.ts';
import type { Environment } from '../../src/config/load-config.ts';
import { freePort } from './free-port.ts';

/** `ringup serve` in this process. */
export interface ServedHere {
  readonly url: string;
  readonly port: number;
  /** Returns its output on standard error. */
  said(): string;
  /** Stops it as Ctrl-C does. Resolves to its exit status. */
  stop(): Promise<number>;
}

/**
 * Runs `ringup serve` through the CLI's entry point, which is much faster than a separate process. For tests that are
 * not about the process itself.
 */
export async function serveHere(environment: Environment, options: readonly string[] = []): Promise<ServedHere> {
  const port = Number(environment.RINGUP_LISTEN?.split(':').at(-1) ?? (await freePort()));
  const listening = Promise.withResolvers<'listening'>();
  const interrupted = Promise.withResolvers<void>();
  let said = '';
  const ended = runCli(['serve', ...options], {
    // Silent, because standard output belongs to the tests.
    environment: { RINGUP_LISTEN: `127.0.0.1:${port}`, RINGUP_LOG_LEVEL: 'silent', ...environment },
    colour: false,
    isTerminal: false,
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
