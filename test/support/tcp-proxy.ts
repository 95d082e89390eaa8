import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What stands between Ringup and PostgreSQL, and fails as networks do. */
export interface TcpProxy {
  /** The URL of a database through the proxy. */
  urlOf(url: string): string;
  /** From now on no byte gets through, and nobody is told: of open connections, or of new ones too. */
  swallow(which: 'open' | 'all'): void;
  /** What becomes of COMMIT, whose connection is done for: its answer is swallowed or cut off, or it never arrives. */
  onCommit(fate: CommitFate): void;
  /** From now on, the answer to each statement with this text is cut off: the server does it, and nobody hears of it. */
  cutAnswersTo(text: string): void;
  /** How many COMMITs or statements went unanswered. */
  unanswered(): number;
  /** New connections get through again. */
  heal(): void;
  stop(): Promise<void>;
}

type CommitFate = 'pass' | 'swallow answer' | 'cut answer' | 'never arrives';

/** The message for the statement, which both drivers and pools send as a simple query. */
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
        // A firewall that forgot a connection passes on no end of it either.
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
