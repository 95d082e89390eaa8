import type { Event } from '../events/event.ts';
import { visitorSigns } from '../events/event.ts';
import { listEvents } from '../events/event-store.ts';
import { isExpired, lostAnswersKeptMs, type Token } from '../tokens/token.ts';
import type { ProvisioningContext } from './context.ts';

/** How far a code has come on its way to a phone. */
export type CodeState = 'waiting' | 'opened' | 'fetched' | 'delivered' | 'lost' | 'expired';

export interface CodeProgress {
  readonly state: CodeState;
  /** The event of opening the code's page while the code was valid. */
  readonly opened: Event | undefined;
  /** The latest event of a phone fetching the account. */
  readonly fetched: Event | undefined;
  /** The event that says how the answer to `fetched` ended. */
  readonly ended: Event | undefined;
  /** When the state will change without an event, in epoch milliseconds. */
  readonly changesAt: number | undefined;
  /** Whether the state can no longer change. */
  readonly isLast: boolean;
}

type Context = Pick<ProvisioningContext, 'database' | 'bootId' | 'isProcessAlive' | 'now'>;
export type WatchedToken = Pick<Token, 'id' | 'expiresAt' | 'revokedAt' | 'claimedAt' | 'outcome' | 'bootId'>;

const kinds = ['page-opened', 'fetched', 'delivered', 'answer-lost'] as const;
/** Only this many of the newest events are read. Opening the page more often does not change the state. */
const maxEvents = 100;

export async function progressOf(context: Context, accountId: number, token: WatchedToken): Promise<CodeProgress> {
  const filter = { accountId, tokenId: token.id, kinds };
  const events = await listEvents(context.database, filter, maxEvents, true);
  const last = (...wanted: readonly string[]) => events.findLast(({ kind }) => wanted.includes(kind));
  const signs: readonly unknown[] = visitorSigns;
  const opened = events.find(({ kind, detail }) => kind === 'page-opened' && signs.includes(detail.reason));
  const state = await stateOf(context, token, opened);
  const mayRepeatUntil = state === 'lost' ? (token.claimedAt ?? 0) + lostAnswersKeptMs : undefined;
  const changesAt = state === 'waiting' || state === 'opened' ? (token.expiresAt ?? undefined) : mayRepeatUntil;
  return {
    state,
    opened,
    fetched: last('fetched'),
    ended: last('delivered', 'answer-lost'),
    changesAt,
    isLast: state === 'delivered' || state === 'expired' || (changesAt !== undefined && changesAt <= context.now()),
  };
}

async function stateOf(context: Context, token: WatchedToken, opened: Event | undefined): Promise<CodeState> {
  if (token.claimedAt === null) {
    if (token.revokedAt !== null || isExpired(token, context.now())) return 'expired';
    return opened === undefined ? 'waiting' : 'opened';
  }
  if (token.outcome !== 'answering') return token.outcome === 'lost' ? 'lost' : 'delivered';
  if (token.bootId === context.bootId) return 'fetched';
  return (await context.isProcessAlive(token.bootId ?? '')) ? 'fetched' : 'lost';
}
