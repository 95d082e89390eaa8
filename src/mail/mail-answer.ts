import { composeSmtpUrl, type SmtpServer } from '../lib/smtp-url.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import { findMailAnswer, keepMailAnswer, type MailAnswer } from './mail-answer-store.ts';
import { type MailServerContext, mailServerOf } from './mail-server.ts';
import type { ServerReply } from './send-mail.ts';

export type { MailAnswer } from './mail-answer-store.ts';

interface AnswerContext {
  readonly database: Db;
  now(): number;
}

/** The answer of a mail server, to be stored for a space. */
export interface Heard {
  readonly spaceId: number;
  readonly server: SmtpServer;
  readonly reply: ServerReply;
  /** `mail`: the recipient's address may be wrong, so a refusal does not replace the server's earlier acceptance. */
  readonly to: 'test' | 'mail';
}

/** Stores the latest answer of a mail server. */
export async function rememberAnswer(
  { database, now }: AnswerContext,
  { spaceId, server, reply: { taken, answer, reason }, to }: Heard,
): Promise<void> {
  const said = { server: nameOf(server), answeredAt: now(), taken, answer: reason ?? answer };
  await keepMailAnswer(database, spaceId, said, { onlyNews: to === 'mail' });
}

/** Returns the latest answer of the space's current mail server, or undefined if it has not answered yet. */
export async function lastMailAnswerOf(
  context: MailServerContext & Pick<AnswerContext, 'database'>,
  space: Space,
): Promise<MailAnswer | undefined> {
  const sender = mailServerOf(context, space);
  const found = await findMailAnswer(context.database, space.id);
  return sender !== undefined && found?.server === nameOf(sender.server) ? found : undefined;
}

function nameOf(server: SmtpServer): string {
  return composeSmtpUrl({ ...server, user: null, password: null });
}
