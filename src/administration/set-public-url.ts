import { askAboutAddress } from '../access/password-question.ts';
import type { AccountInSpace } from '../accounts/account.ts';
import { lockAddress, type StoredAddress, writeAddress } from '../cluster/instance-store.ts';
import { isNodeHeardOf } from '../cluster/node-store.ts';
import type { PublicAddress } from '../cluster/public-address.ts';
import { aboutValue, type Complaint } from '../errors/complaints.ts';
import { AppError, invalidFields } from '../errors.ts';
import type { Actor, By } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import type { OutageLog } from '../lib/outage-log.ts';
import { parseWebAddress } from '../lib/web-address.ts';
import { askBootId, type BootIdAnswer } from '../network/ask-boot-id.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Transaction } from '../storage/tables.ts';
import { ensureCodeIn } from '../tokens/ensure-code.ts';
import type { TokenContext } from '../tokens/issue-token.ts';

export interface AddressContext extends ChangeContext {
  readonly address: PublicAddress;
  readonly spaces: SpaceDirectory;
  readonly bootId: string;
  readonly outages: Pick<OutageLog, 'report'>;
}

/**
 * Sets the address that phones use. An https address must lead to a process of this instance, so that nobody is locked
 * out. Throws a complaint about `public_url`, or `conflict` if the settings fix the address.
 */
export async function setPublicUrl(
  context: AddressContext,
  actor: Actor,
  text: string,
  ask: (url: string) => Promise<BootIdAnswer> = askBootId,
): Promise<void> {
  const url = await checkedAddress(context, actor, text, ask);
  if (url !== context.address.url) await changeAddress(context, actor, settingTo(context, actor, url));
}

/** Sets the address like `setPublicUrl`, and gives the account a code if it has none. */
export async function setPublicUrlAndCode(
  context: AddressContext & TokenContext,
  actor: Actor,
  text: string,
  found: AccountInSpace,
): Promise<void> {
  const url = await checkedAddress(context, actor, text, askBootId);
  await changeAddress(context, actor, settingTo(context, actor, url), (tx, by) => ensureCodeIn(tx, by, found, context));
}

/**
 * Undoes the change to this address, within ten minutes. Asks for no password, because the earlier address was
 * confirmed before. Throws `conflict` if the address has been changed again.
 */
export async function undoPublicUrl(context: AddressContext, actor: Actor, url: string): Promise<void> {
  requireFree(context);
  const { address } = context;
  await changeAddress(context, actor, (stored, at) => {
    if (address.urlIn(stored) !== url || !address.canUndo(at, stored)) {
      throw new AppError('conflict', { why: 'address-kept' });
    }
    return stored.previousUrl;
  });
}

type Decide = (stored: StoredAddress, at: number) => string | null;

/** Another node may have changed the address since the password was asked for. */
function settingTo({ address }: AddressContext, actor: Actor, url: string): Decide {
  return (stored, at) => {
    askAboutAddress({ actor, at }, address.urlIn(stored), url);
    return url;
  };
}

/**
 * Calls `decide` while the address is locked, so that each of several concurrent changes starts from the result of the
 * one before. If the address cannot be read again afterwards, the change stands, and a job reads it.
 */
async function changeAddress(
  context: AddressContext,
  actor: Actor,
  decide: Decide,
  more: (tx: Transaction, by: By) => Promise<void> = async () => {},
): Promise<void> {
  const { address, spaces, outages } = context;
  await change(context, actor, async (tx, by) => {
    const stored = await lockAddress(tx);
    const [from, to] = [address.urlIn(stored), decide(stored, by.at)];
    if (to !== from) {
      await writeAddress(tx, to, by.at);
      const spaceId = spaces.firstSuper.id;
      await recordEvent(tx, { ...by, kind: 'address-changed', spaceId, accountId: null, detail: { from, to } });
    }
    await more(tx, by);
  });
  await address.refresh().catch((error: unknown) => {
    outages.report(error, {}, 'the address could not be read again after a change; a job will read it');
  });
}

function requireFree({ address }: AddressContext): void {
  if (address.isFixed) throw new AppError('conflict', { why: 'address-fixed' });
}

/** Returns the address in a text. If it is not the current one, checks that it leads to this instance. */
async function checkedAddress(
  context: AddressContext,
  actor: Actor,
  text: string,
  ask: (url: string) => Promise<BootIdAnswer>,
): Promise<string> {
  const parsed = parseWebAddress(text);
  if ('complaint' in parsed) throw invalidAddress(text, parsed.complaint);
  const url = parsed.value;
  askAboutAddress({ actor, at: context.now() }, context.address.url, url);
  requireFree(context);
  // Another node may have changed it a moment ago.
  await context.address.refresh();
  if (url !== context.address.url && url.startsWith('https:')) await requireOurs(context, url, ask);
  return url;
}

/**
 * Throws unless the address leads to this instance. Any of its processes may answer, because a proxy chooses one of
 * several nodes.
 */
async function requireOurs(
  { database, bootId }: AddressContext,
  url: string,
  ask: (url: string) => Promise<BootIdAnswer>,
): Promise<void> {
  const answer = await ask(url);
  if ('complaint' in answer) throw invalidAddress(url, answer.complaint);
  const isOurs = answer.bootId === bootId || (await isNodeHeardOf(database, answer.bootId));
  if (!isOurs) throw invalidAddress(url, { code: 'another-server' });
}

function invalidAddress(url: string, complaint: Complaint): AppError {
  return invalidFields({ public_url: [aboutValue(url, complaint)] });
}
