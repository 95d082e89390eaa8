import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy between Ringup and PostgreSQL that fails like a network. */
export interface TcpProxy {
  /** Returns the URL of a database through the proxy. */
  urlOf(url: string): string;
  /** Drops all further bytes without notice: of open connections, or of new ones too. */
  swallow(which: 'open' | 'all'): void;
  /** What happens to a COMMIT and its connection: the answer is swallowed or cut off, or the COMMIT never arrives. */
  onCommit(fate: CommitFate): void;
  /** Cuts off the answer to each further statement with this text. The server runs it, but its client never knows. */
  cutAnswersTo(text: string): void;
  /** Returns how many COMMITs or statements were not answered. */
  unanswered(): number;
  /** Lets new connections through again. */
  heal(): void;
  stop(): Promise<void>;
}

type CommitFate = 'pass' | 'swallow answer' | 'cut answer' | 'never arrives';

/** The message of the statement. All drivers and pools send it as a simple query. */
const commit = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const links = new Set<{ silent: boolean; end(): void }>();
  let swallowsNew = false;
  let fate: CommitFate = 'pass';
  let fated = commit;
  let count = 0;
  const join = (client: Socket): void => {
    const server = connect({ host: hostname, port: Number(port) });
    const link = {
      silent: swallowsNew,
      end: () => {
        client.destroy();
        server.destroy();
        links.delete(link);
      },
    };
    links.add(link);
    let committing = false;
    client.on('data', (chunk) => {
      if (link.silent) return;
      committing = fate !== 'pass' && chunk.includes(fated);
      if (!committing || fate !== 'never arrives') return void server.write(chunk);
      count += 1;
      link.end();
    });
    server.on('data', (chunk) => {
      if (link.silent) return;
      if (!committing) return void client.write(chunk);
      count += 1;
      if (fate === 'cut answer') link.end();
      else link.silent = true;
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => {
        // A firewall that has dropped a connection does not pass on its end either.
        if (!link.silent) other.destroy();
      });
    }
  };
  const listener = createServer(join).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const own = (listener.address() as AddressInfo).port;
  return {
    urlOf: (url) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(own) }).href,
    swallow: (which) => {
      swallowsNew = which === 'all';
      for (const link of links) link.silent = true;
    },
    onCommit: (wanted) => {
      fated = commit;
      fate = wanted;
    },
    cutAnswersTo: (text) => {
      fated = Buffer.from(text);
      fate = 'cut answer';
    },
    unanswered: () => count,
    heal: () => {
      swallowsNew = false;
      fate = 'pass';
    },
    stop: async () => {
      for (const link of links) link.end();
      listener.close();
      await once(listener, 'close');
    },
  };
}
