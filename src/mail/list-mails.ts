import { type PageOfRows, pageOfRows } from '../lib/page-of-rows.ts';
import type { Db } from '../storage/tables.ts';
import type { Mail, MailState } from './mail.ts';
import {
  accountsWithFailedMail,
  countLastBatch,
  countLastMails,
  type ListedMail,
  listMailRows,
  type MailView,
} from './mail-list-store.ts';
import { lastInvitations } from './mail-store.ts';

export type { ListedMail, MailView } from './mail-list-store.ts';

interface Reading {
  readonly database: Db;
}

/** Returns a page of the mails with codes of a space, from the newest: those before the one with this id. */
export async function mailsBefore(
  { database }: Reading,
  spaceId: number,
  view: MailView,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<PageOfRows<ListedMail>> {
  return pageOfRows(await listMailRows(database, spaceId, view, { before, limit: limit + 1 }), limit);
}

/** Returns how many mails of the latest batch are in each state. */
export function progressOf({ database }: Reading, spaceId: number): Promise<Readonly<Record<MailState, number>>> {
  return countLastBatch(database, spaceId);
}

/** Counting stops at this number, because otherwise it would take longer the more mails there are. */
export const maxMailsCounted = 1_000;

/** Returns how many accounts have a last mail in each state. Counts up to `maxMailsCounted`. */
export async function countMails({ database }: Reading, spaceId: number): Promise<Readonly<Record<MailState, number>>> {
  const count = (state: MailState) => countLastMails(database, spaceId, state, maxMailsCounted);
  return { waiting: await count('waiting'), sent: await count('sent'), failed: await count('failed') };
}

const idsAtOnce = 500;

/** Yields the ids of accounts without a phone whose last mail failed, in batches. */
export async function* eachWithFailedMail({ database }: Reading, spaceId: number): AsyncGenerator<readonly number[]> {
  for (let after = 0; ; ) {
    const ids = await accountsWithFailedMail(database, spaceId, { after, limit: idsAtOnce });
    const last = ids.at(-1);
    if (last === undefined) return;
    yield ids;
    after = last;
  }
}

/** Returns the account's latest mail with a code. */
export async function lastInvitationOf(
  { database }: Reading,
  { id }: { readonly id: number },
): Promise<Mail | undefined> {
  return (await lastInvitations(database, [id])).get(id);
}
