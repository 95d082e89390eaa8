import { hashSecret } from '../lib/random-token.ts';
import { findNewestCode } from '../tokens/token-list-store.ts';
import { findToken } from '../tokens/token-store.ts';
import { type CodeProgress, progressOf, type WatchedToken } from './code-progress.ts';
import type { ProvisioningContext } from './context.ts';

type Context = Pick<ProvisioningContext, 'database' | 'bootId' | 'isProcessAlive' | 'now' | 'accountWatch'>;

/** Some states change by time alone, without an event. Such a change is noticed at most this late. */
const lookEveryMs = 500;

type State = Pick<CodeProgress, 'state'>;
type Revision = Pick<CodeProgress, 'state' | 'revision'>;

/**
 * Yields the state of the account's newest code, and each new state. Yields the same state again for another code, or
 * for another end of the code. Without a code, the state is that of an expired one.
 */
export function watchNewestCode(context: Context, accountId: number, signal: AbortSignal): AsyncGenerator<Revision> {
  return watch(context, accountId, () => findNewestCode(context.database, accountId), signal);
}

/** Yields the state of the code with this token, and each new state. An unknown code counts as expired. */
export async function* watchCode(context: Context, token: string, signal: AbortSignal): AsyncGenerator<State> {
  const find = () => findToken(context.database, 'provisioning', hashSecret(token));
  const found = await find();
  if (found === undefined) {
    yield { state: 'expired' };
    return;
  }
  let said: string | undefined;
  for await (const { state } of watch(context, found.account.id, async () => (await find())?.token, signal)) {
    if (state !== said) yield { state };
    said = state;
  }
}

async function* watch(
  context: Context,
  accountId: number,
  find: () => Promise<WatchedToken | undefined>,
  signal: AbortSignal,
): AsyncGenerator<Revision> {
  const alarm = newAlarm();
  const stop = context.accountWatch.add(accountId, alarm.ring);
  signal.addEventListener('abort', alarm.ring);
  try {
    let said: Revision | undefined;
    while (!signal.aborted) {
      alarm.reset();
      const token = await find();
      const progress = token === undefined ? noCode : await progressOf(context, accountId, token);
      const { state, revision } = progress;
      if (state !== said?.state || revision !== said.revision) yield { state, revision };
      said = { state, revision };
      if (progress.isLast) return;
      const { changesAt = Number.POSITIVE_INFINITY } = progress;
      while (!(await alarm.rings(lookEveryMs)) && context.now() < changesAt);
    }
  } finally {
    stop();
    signal.removeEventListener('abort', alarm.ring);
  }
}

/** Returns an alarm that stays on until it is reset. */
function newAlarm() {
  let hasRung = false;
  let wake = (): void => {};
  return {
    ring(): void {
      hasRung = true;
      wake();
    },
    reset(): void {
      hasRung = false;
    },
    /** Resolves to true when the alarm rings, or to false after `withinMs` milliseconds. */
    async rings(withinMs: number): Promise<boolean> {
      if (hasRung) return true;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      return hasRung;
    },
  };
}

const noCode = { state: 'expired', revision: '', isLast: true, changesAt: undefined } as const;
