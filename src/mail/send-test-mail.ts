import type { RequestLimits } from '../access/request-limits.ts';
import { AppError } from '../errors.ts';
import type { Language } from '../lib/languages.ts';
import { isMailAddress } from '../lib/mailbox.ts';
import { translator } from '../locale/translate.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import { page, paragraphs } from './invitation-message.ts';
import { messageIdAt } from './invite.ts';
import { rememberAnswer } from './mail-answer.ts';
import { type MailServerContext, mailServerOf } from './mail-server.ts';
import { envelopeOf, headerName } from './message.ts';
import type { SendMail, ServerReply } from './send-mail.ts';

interface TestMailContext extends MailServerContext {
  readonly database: Db;
  readonly sendMail: SendMail;
  readonly requestLimits: RequestLimits;
  now(): number;
}

export interface TestMail {
  /** The owner of the mail address. */
  readonly username: string;
  readonly to: string | null;
  readonly language: Language;
}

/**
 * Sends a mail at once, as the space's mails are sent. Returns and stores the mail server's answer. Throws
 * `no-mail-address` if there is no address, and `too-many-requests` at the fourth mail of a space within a minute.
 */
export async function sendTestMail(
  context: TestMailContext,
  space: Space,
  { username, to, language }: TestMail,
): Promise<ServerReply> {
  const sender = mailServerOf(context, space);
  if (sender === undefined) throw new AppError('no-mail-server', { domain: space.domain });
  if (to === null || !isMailAddress(to)) throw new AppError('no-mail-address', { username });
  context.requestLimits.admit('mail', space);
  const t = translator(language);
  const text = t('mail.testText', { space: space.name });
  const reply = await context.sendMail(sender.server, {
    ...envelopeOf(sender.from, space),
    to: { name: '', address: to },
    subject: headerName(t('mail.testSubject', { space: space.name })),
    text: `${text}\n`,
    html: page(language, paragraphs(text)),
    messageId: messageIdAt(space.domain),
    date: new Date(context.now()),
  });
  await rememberAnswer(context, { spaceId: space.id, server: sender.server, reply, to: 'test' });
  return reply;
}
