import type { Event } from '../events/event.ts';
import { visitorSigns } from '../events/event.ts';
import { listEvents } from '../events/event-store.ts';
import { isExpired, lostAnswersKeptMs, type Token } from '../tokens/token.ts';
import type { ProvisioningContext } from './context.ts';

/** How far a code has come on its way to a phone. */
export type CodeState = 'waiting' | 'opened' | 'fetched' | 'delivered' | 'lost' | 'expired';

export interface CodeProgress {
  readonly state: CodeState;
  /** Differs for another code, and for another end of the same code, also while the state stays. */
  readonly revision: string;
  /** The event of opening the code's page while the code was valid. */
  readonly opened: Event | undefined;
  /** The latest event of a phone fetching the account. */
  readonly fetched: Event | undefined;
  /** The event that says how the answer to `fetched` ended. */
  readonly ended: Event | undefined;
  /** When the state may change without an event, in epoch milliseconds. */
  readonly changesAt: number | undefined;
  /** Whether the state can no longer change. */
  readonly isLast: boolean;
}

type Context = Pick<ProvisioningContext, 'database' | 'bootId' | 'isProcessAlive' | 'now'>;
export type WatchedToken = Pick<Token, 'id' | 'expiresAt' | 'revokedAt' | 'claimedAt' | 'outcome' | 'bootId'>;

const kinds = ['page-opened', 'fetched', 'delivered', 'answer-lost'] as const;
/** Only this many of the newest events are read. Opening the page more often does not change the state. */
const maxEvents = 100;
/** How often to ask whether the process that answers is still alive. It records nothing when it is killed. */
const askAliveEveryMs = 5_000;

export async function progressOf(context: Context, accountId: number, token: WatchedToken): Promise<CodeProgress> {
  const filter = { accountId, tokenId: token.id, kinds };
  const events = await listEvents(context.database, filter, maxEvents, true);
  const last = (...wanted: readonly string[]) => events.findLast(({ kind }) => wanted.includes(kind));
  const signs: readonly unknown[] = visitorSigns;
  const opened = events.find(({ kind, detail }) => kind === 'page-opened' && signs.includes(detail.reason));
  const state = await stateOf(context, token, opened);
  const now = context.now();
  const changesAt = changeOf(state, token, { now, bootId: context.bootId });
  return {
    state,
    revision: `${token.id}.${token.expiresAt ?? ''}`,
    opened,
    fetched: last('fetched'),
    ended: last('delivered', 'answer-lost'),
    changesAt,
    isLast: state === 'delivered' || state === 'expired' || (changesAt !== undefined && changesAt <= now),
  };
}

function changeOf(
  state: CodeState,
  { expiresAt, claimedAt, bootId }: WatchedToken,
  here: { readonly now: number; readonly bootId: string },
): number | undefined {
  switch (state) {
    case 'waiting':
    case 'opened':
      return expiresAt ?? undefined;
    case 'fetched':
      return bootId === here.bootId ? undefined : here.now + askAliveEveryMs;
    case 'lost':
      return (claimedAt ?? 0) + lostAnswersKeptMs;
    case 'delivered':
    case 'expired':
      return undefined;
  }
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
