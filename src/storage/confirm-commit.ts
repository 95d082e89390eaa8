import { setTimeout as sleep } from 'node:timers/promises';
import { asDatabaseFailure } from './database-failure.ts';

type Query = (
  text: string,
  values?: string[],
) => Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;

/** The outcome of a transaction. */
type Fate = 'committed' | 'aborted' | 'unknown';

/**
 * Together with the six seconds that a COMMIT may take, this is less than the ten seconds within which every request is
 * answered.
 */
const patienceMs = 3_000;
const pauseMs = 100;
const statusQuery = 'select txid_status($1::bigint) as fate';

/** Returns the id of the open transaction, or null if it has written nothing. */
export async function transactionId(query: Query): Promise<string | null> {
  const { rows } = await query('select txid_current_if_assigned()::text as id');
  const id = rows[0]?.id;
  return typeof id === 'string' ? id : null;
}

/**
 * Asks on another connection for the outcome of a transaction whose COMMIT was not answered. Returns `unknown` if the
 * server does not answer this either.
 */
export async function askFate(query: Query, id: string): Promise<Fate> {
  const ended = AbortSignal.timeout(patienceMs);
  return Promise.race([ask(query, id, ended), sleep(patienceMs, 'unknown' as const, { ref: false })]);
}

/** Questions about transactions whose outcome is not known yet, by the errors that said so. */
const questions = new WeakMap<Error, () => Promise<boolean | undefined>>();

/** Lets `questionAbout` ask later for the outcome of the transaction that failed with this error. */
export function askLater(error: Error, query: Query, id: string): void {
  questions.set(error, () => isCommitted(query, id));
}

/**
 * If it is not known whether the transaction that failed with this error was committed, returns a function that asks
 * the server. It returns undefined while the server does not know either or does not answer.
 */
export function questionAbout(error: unknown): (() => Promise<boolean | undefined>) | undefined {
  return error instanceof Error ? questions.get(error) : undefined;
}

async function isCommitted(query: Query, id: string): Promise<boolean | undefined> {
  try {
    const [row] = (await query(statusQuery, [id])).rows;
    return row?.fate === 'in progress' ? undefined : row?.fate === 'committed';
  } catch (error) {
    // A server that took over without the transaction refuses the question: its ids have not come that far.
    return asDatabaseFailure(error) === error ? false : undefined;
  }
}

async function ask(query: Query, id: string, ended: AbortSignal): Promise<Fate> {
  try {
    while (!ended.aborted) {
      const { rows } = await query(statusQuery, [id]);
      const fate = rows[0]?.fate;
      if (fate === 'committed' || fate === 'aborted') return fate;
      // The server has not noticed yet that the connection is gone.
      await sleep(pauseMs);
    }
  } catch {
    // Ignored, because the caller throws the failure of the COMMIT.
  }
  return 'unknown';
}
