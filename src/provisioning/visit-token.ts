import { AppError } from '../errors.ts';
import type { EventDetail, VisitorSign } from '../events/event.ts';
import type { Space } from '../spaces/space.ts';
import type { Client } from '../tokens/token.ts';
import { tokenEvent } from '../tokens/token-events.ts';
import type { ProvisioningContext } from './context.ts';
import {
  type ExaminedToken,
  examineToken,
  recordRefusal,
  requireNotElsewhere,
  type TokenRequest,
} from './examine-token.ts';

/** A request with a token that does not use it up. */
export type Visit = Omit<TokenRequest, 'arrivedAt'>;

/** Records that a program that is not a phone opened the address of a token. */
export async function turnVisitorAway(
  context: ProvisioningContext,
  visit: Visit,
  visitor: { readonly visitor: string; readonly name: string; readonly reason: VisitorSign },
): Promise<void> {
  const found = await examineToken(context, visit);
  if (found !== undefined) record(context, 'turned-away', found, { client: visit.client, detail: { ...visitor } });
}

/**
 * Finds the token whose page a browser opens, and records the visit. `sign` is why the visitor does not get the account
 * of a valid token. Returns undefined if the token is unknown.
 */
export async function openTokenPage(
  context: ProvisioningContext,
  visit: Visit,
  sign: VisitorSign,
): Promise<ExaminedToken | undefined> {
  const found = await examineToken(context, visit);
  if (found === undefined) return undefined;
  record(context, 'page-opened', found, { client: visit.client, detail: { reason: found.refusal ?? sign } });
  return found;
}

/** Returns the valid token whose QR code is shown, and records this. Throws `not-found` for any other token. */
export async function showTokenCode(context: ProvisioningContext, visit: Visit): Promise<ExaminedToken> {
  const found = await getValidToken(context, visit);
  record(context, 'code-shown', found, { client: visit.client, detail: {} });
  return found;
}

/** Returns the token if a phone could redeem it now. Throws `not-found` otherwise. */
export async function getValidToken(context: ProvisioningContext, visit: Visit): Promise<ExaminedToken> {
  const found = await examineToken(context, visit);
  if (found !== undefined) requireNotElsewhere(found);
  if (found === undefined || found.refusal !== undefined) throw new AppError('not-found', { what: 'code' });
  return found;
}

/**
 * Throws for a request without the provisioning header if the space requires it: the token's own space if the token is
 * valid, otherwise the space of the host.
 */
export async function refuseWithoutHeader(context: ProvisioningContext, visit: Visit, addressed: Space): Promise<void> {
  if (!context.spaces.all.some((space) => space.requireProvisioningHeader)) return;
  const found = await examineToken(context, visit);
  const isValid = found !== undefined && found.refusal === undefined;
  const space = isValid ? found.space : addressed;
  if (!space.requireProvisioningHeader) return;
  if (isValid) await recordRefusal(context, found, 'header-missing', visit.client);
  throw new AppError('provisioning-header-missing', {});
}

function record(
  { events, now }: ProvisioningContext,
  kind: 'turned-away' | 'page-opened' | 'code-shown',
  found: ExaminedToken,
  { client, detail }: { readonly client: Client; readonly detail: EventDetail },
): void {
  events.record(tokenEvent(kind, found, { client, at: now(), detail }));
}
