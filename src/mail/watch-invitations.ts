import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../storage/tables.ts';
import { progressOf } from './list-mails.ts';

const lookEveryMs = 1_000;

/** Yields how many invitations of the latest batch have ended, as `done/total`, until all have. */
export async function* watchInvitations(
  context: { readonly database: Db },
  spaceId: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly state: string }> {
  for (let said = ''; !signal.aborted; ) {
    const { waiting, sent, failed } = await progressOf(context, spaceId);
    const state = `${sent + failed}/${waiting + sent + failed}`;
    if (state !== said) yield { state };
    said = state;
    if (waiting === 0) return;
    await sleep(lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
