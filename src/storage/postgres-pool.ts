import { Socket } from 'node:net';
import pg from 'pg';
import { asDatabaseFailure } from './database-failure.ts';
import { postgresAddress, refusesEncryption } from './postgres-url.ts';

/** How long the pool waits, and how large it is. */
export interface PoolLimits {
  /** For a connection, if all are in use or a new one is being opened. */
  readonly connectMs: number;
  /** While the server is silent during a query. */
  readonly silenceMs: number;
  /** The maximum number of connections; by default, ten. */
  readonly size?: number;
}

const defaultSize = 10;
/** Together less than the ten seconds within which every request is answered. */
const defaultLimits: PoolLimits = { connectMs: 3_000, silenceMs: 6_000 };
const keepAliveMs = 10_000;
const closeTimeoutMs = 1_000;

/**
 * Makes the server end work that has no client: a query whose client is gone (from version 14 on), and a transaction
 * whose client is silent, because that would keep its locks. Also makes single statements *read committed*, whatever
 * the server's default is.
 */
const sessionSettings = `select set_config(name, case name when 'client_connection_check_interval' then '2s'
    when 'idle_in_transaction_session_timeout' then '15s' else 'read committed' end, false)
  from pg_settings where name in
    ('client_connection_check_interval', 'idle_in_transaction_session_timeout', 'default_transaction_isolation')`;

// int8 arrives as text by default. All our values are counts and milliseconds, far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export interface Pool {
  connect(): Promise<pg.PoolClient>;
  query(query: pg.QueryConfig): Promise<pg.QueryResult>;
  /** Lifts the time limit for queries until the promise settles. */
  withoutTimeLimit<T>(work: () => Promise<T>): Promise<T>;
  /** Closes all connections, within a second even if the server does not answer. */
  close(): Promise<void>;
}

/**
 * Opens a pool. A connection is closed if the server is silent for too long during a query, by default six seconds,
 * because a firewall may have dropped it. A closed connection is discarded, and the next caller gets a new one.
 */
export function openPool(
  location: string,
  onIdleError: (error: unknown) => void,
  { connectMs, silenceMs, size = defaultSize }: PoolLimits = defaultLimits,
): Pool {
  const { url, ways } = postgresAddress(location);
  let way = 0;
  let limitMs = silenceMs;
  const { Client, sockets, limit } = boundedClients(
    () => ways[way] ?? false,
    () => limitMs,
  );
  const own = { connectionString: url, connectionTimeoutMillis: connectMs, max: size, Client };
  const connections = openConnections(own, onIdleError);
  connections.on('acquire', (client) => limit(client, limitMs));
  connections.on('release', (_error, client) => limit(client, 0));
  const tryBothWays = async <T>(work: () => Promise<T>): Promise<T> => {
    const tried = way;
    try {
      return await work();
    } catch (error) {
      if (ways.length === 1 || !refusesEncryption(error)) throw error;
      // Another caller may have changed it meanwhile.
      if (way === tried) way = (tried + 1) % ways.length;
      return work();
    }
  };
  let ended: Promise<void> | undefined;
  return {
    connect: () => tryBothWays(() => connections.connect()),
    query: (query) => tryBothWays(() => connections.query(query)),
    async withoutTimeLimit(work) {
      limitMs = 0;
      try {
        return await work();
      } finally {
        limitMs = silenceMs;
      }
    },
    close() {
      ended ??= end(connections, sockets);
      return ended;
    },
  };
}

/**
 * Returns clients whose sockets are destroyed when the server is silent for too long, and a function that sets this
 * limit for each.
 */
function boundedClients(ssl: () => pg.ClientConfig['ssl'], limitMs: () => number) {
  const sockets = new Set<Socket>();
  class BoundedClient extends pg.Client {
    readonly socket: Socket;

    constructor(config?: pg.ClientConfig) {
      const socket = new Socket();
      super({ ...config, ssl: ssl(), stream: () => socket });
      this.socket = socket;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('timeout', () => socket.destroy(new Error('Connection terminated: no answer for too long')));
      socket.setTimeout(limitMs());
    }
  }
  const limit = (client: pg.PoolClient, ms: number): void => {
    if (client instanceof BoundedClient) client.socket.setTimeout(ms);
  };
  return { Client: BoundedClient, sockets, limit };
}

function openConnections(own: pg.PoolConfig, onIdleError: (error: unknown) => void): pg.Pool {
  const connections = new pg.Pool({
    ...own,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    onConnect: async (client) => void (await client.query(sessionSettings)),
  });
  connections.on('error', (error) => onIdleError(asDatabaseFailure(error)));
  connections.on('connect', (client) => {
    // Without a listener, an error of a checked-out client would end the process. Its holder's next query fails anyway.
    client.on('error', () => {});
  });
  return connections;
}

async function end(connections: pg.Pool, sockets: ReadonlySet<Socket>): Promise<void> {
  const deadline = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, closeTimeoutMs);
  await connections.end();
  clearTimeout(deadline);
}
