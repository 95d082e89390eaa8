import { type Caller, isSuperAdministrator } from '../access/caller.ts';
import type { RequestLimits } from '../access/request-limits.ts';
import { visibleText } from '../errors/quote-text.ts';
import { isPublicAddress } from '../lib/client-address.ts';
import { type AskOptions, askServer, type ServerAnswer } from '../network/ask-server.ts';
import { dnsLookups } from '../network/locate-server.ts';
import { defaultRegistrar } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';
import { asMeant, checkSpaceFields } from '../spaces/space-fields.ts';
import type { Db } from '../storage/tables.ts';
import { findAnswer, keepAnswer, type RegistrarAnswer } from './registrar-answer-store.ts';

export type { RegistrarAnswer } from './registrar-answer-store.ts';

interface AskingContext {
  readonly database: Db;
  now(): number;
}

interface CheckContext extends AskingContext {
  readonly requestLimits: RequestLimits;
}

/**
 * Asks the SIP server at this URI, by default at the space's domain, whether it answers. Administrators of one space
 * reach public addresses only, and only six times a minute, so that nobody can explore the operator's network through
 * this server.
 */
export async function checkRegistrar(
  context: CheckContext,
  caller: Caller,
  space: Space,
  uri: string,
): Promise<ServerAnswer> {
  const fields = asMeant({ registrar: uri || null });
  checkSpaceFields(fields);
  const question = { uri: fields.registrar ?? defaultRegistrar(space.domain), domain: space.domain };
  if (isSuperAdministrator(caller)) return askRegistrar(context, space, question);
  context.requestLimits.admit('registrar', space);
  return askRegistrar(context, space, question, { mayAsk: isPublicAddress, lookups: dnsLookups });
}

/** Asks a SIP server without limits, for the operator of this server. Stores the answer for the space. */
export async function askRegistrar(
  { database, now }: AskingContext,
  { id }: Pick<Space, 'id'>,
  question: { readonly uri: string; readonly domain: string },
  options: AskOptions = {},
): Promise<ServerAnswer> {
  const askedAt = now();
  const answer = await askServer(question, options);
  await keepAnswer(database, id, { uri: question.uri, askedAt, answer: shortened(answer) });
  return answer;
}

/** Shortens what a server said, and replaces characters that databases refuse. */
function shortened(answer: ServerAnswer): ServerAnswer {
  if (answer.kind !== 'response') return answer;
  const { server, certificate } = answer;
  return {
    ...answer,
    reason: visibleText(answer.reason),
    server: server === null ? null : visibleText(server),
    certificate: certificate === null ? null : visibleText(certificate),
  };
}

/**
 * Returns what the SIP server of the space answered last. Returns undefined if it was asked at another address than the
 * current one.
 */
export async function lastAnswerOf(
  { database }: Pick<AskingContext, 'database'>,
  { id, effectiveRegistrar }: Space,
): Promise<RegistrarAnswer | undefined> {
  const found = await findAnswer(database, id);
  return found?.uri === effectiveRegistrar ? found : undefined;
}

/** Returns whether this answer shows that phones can use the server. */
export function isGoodAnswer(found: RegistrarAnswer | undefined): boolean {
  return found?.answer.kind === 'response' && found.answer.certificate === null;
}
