import { writeAddress } from '../cluster/instance-store.ts';
import { isNodeHeardOf } from '../cluster/node-store.ts';
import type { PublicAddress } from '../cluster/public-address.ts';
import { aboutValue, type Complaint } from '../errors/complaints.ts';
import { AppError, invalidFields } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { type ChangeContext, change } from '../events/change.ts';
import { recordEvent } from '../events/event-store.ts';
import { parseWebAddress } from '../lib/web-address.ts';
import { askBootId, type BootIdAnswer } from '../network/ask-boot-id.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';

export interface AddressContext extends ChangeContext {
  readonly address: PublicAddress;
  readonly spaces: SpaceDirectory;
  readonly bootId: string;
}

/**
 * Sets the address that phones use. An https address must lead to a process of this instance first, so that nobody is
 * locked out. Throws a complaint about `public_url`, or `conflict` where the settings name the address.
 */
export async function setPublicUrl(
  context: AddressContext,
  actor: Actor,
  text: string,
  ask: (url: string) => Promise<BootIdAnswer> = askBootId,
): Promise<void> {
  requireFree(context);
  const parsed = parseWebAddress(text);
  if ('complaint' in parsed) throw invalidAddress(text, parsed.complaint);
  const url = parsed.value;
  if (url === context.address.url) return;
  if (url.startsWith('https:')) await requireOurs(context, url, ask);
  await changeAddress(context, actor, url);
}

/** Takes the latest change back, within ten minutes. */
export async function undoPublicUrl(context: AddressContext, actor: Actor): Promise<void> {
  requireFree(context);
  const { address, now } = context;
  if (!address.canUndo(now())) throw new AppError('conflict', { why: 'address-kept' });
  await changeAddress(context, actor, address.previousUrl ?? null);
}

async function changeAddress(context: AddressContext, actor: Actor, url: string | null): Promise<void> {
  const { address, spaces } = context;
  const detail = { from: address.url, to: url };
  await change(context, actor, async (tx, by) => {
    await writeAddress(tx, url, by.at);
    const spaceId = spaces.firstSuper.id;
    await recordEvent(tx, { ...by, kind: 'address-changed', spaceId, accountId: null, detail });
  });
  await address.refresh();
}

function requireFree({ address }: AddressContext): void {
  if (address.isFixed) throw new AppError('conflict', { why: 'address-fixed' });
}

/** Any process of the instance may answer: a proxy chooses one of several nodes. */
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
