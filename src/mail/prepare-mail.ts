import type { Account } from '../accounts/account.ts';
import { findAccount } from '../accounts/account-store.ts';
import type { UnsentReason } from '../events/event.ts';
import { isMailAddress, isSameAddress } from '../lib/mailbox.ts';
import type { SmtpServer } from '../lib/smtp-url.ts';
import type { Space } from '../spaces/space.ts';
import type { Database } from '../storage/database.ts';
import { type Codes, shownToken } from '../tokens/codes.ts';
import { isOpen } from '../tokens/token.ts';
import { findOpenCode } from '../tokens/token-list-store.ts';
import { passwordResetUrl, provisioningUrl } from '../tokens/token-urls.ts';
import type { Mail } from './mail.ts';
import { type MailServerContext, mailServerOf } from './mail-server.ts';
import { findMailedToken, type MailedToken } from './mailed-token-store.ts';
import { envelopeOf, type MailMessage, mailboxOf } from './message.ts';

export interface PrepareContext extends MailServerContext {
  readonly database: Database;
  readonly codes: Codes;
  readonly publicUrl: string;
  now(): number;
}

export interface PreparedMail {
  readonly server: SmtpServer;
  readonly message: MailMessage;
}

/** Why a mail is not passed to a mail server, and whether that may change. */
export interface Unsendable {
  readonly reason: UnsentReason;
  readonly final: boolean;
}

/** Returns the mail in its current form, and the server to send it to. */
export async function prepareMail(context: PrepareContext, mail: Mail): Promise<PreparedMail | Unsendable> {
  const { database, spaces } = context;
  if (!isMailAddress(mail.recipient)) return never('no-mailbox');
  const account = await findAccount(database, mail.accountId);
  const space = await spaces.findByRow(mail);
  if (account === undefined || space === undefined) return never('code-ended');
  if (!isSameAddress(mail.recipient, account.email)) return never('address-changed');
  if (account.blockedAt !== null) return never('account-blocked');
  const sender = mailServerOf(context, space);
  if (sender === undefined) return { reason: 'no-server', final: false };
  const content = await contentOf(context, mail, account, space);
  if ('reason' in content) return content;
  const message = {
    ...envelopeOf(sender.from, space),
    ...content,
    to: mailboxOf({ name: account.displayName, address: mail.recipient }),
    messageId: mail.messageId,
    date: new Date(mail.queuedAt),
  };
  return { server: sender.server, message };
}

type Content = Pick<MailMessage, 'subject' | 'text' | 'html' | 'attachments'>;

async function contentOf(
  context: PrepareContext,
  mail: Mail,
  account: Account,
  space: Space,
): Promise<Content | Unsendable> {
  const token = await usableToken(context, mail);
  if ('reason' in token) return token;
  const secret = shownToken(context.codes, token);
  if (secret === undefined) return never('code-hidden');
  const language = account.language ?? space.language;
  if (mail.kind === 'password-reset') {
    const link = passwordResetUrl(space, context.publicUrl, secret);
    // Loaded with the first mail, because servers that send none need no templates.
    const { resetContent } = await import('./reset-message.ts');
    return resetContent({ username: account.username, space, language, link });
  }
  const link = provisioningUrl(space, context.publicUrl, secret, { resetPassword: token.resetsPassword });
  const { invitationContent } = await import('./invitation-message.ts');
  return invitationContent({ account, space, language, link, expiresAt: token.expiresAt });
}

/** Returns the token that the mail was queued with. If a newer code has replaced it, returns the newer one. */
async function usableToken(
  { database, now }: PrepareContext,
  { kind, accountId, tokenId }: Mail,
): Promise<Pick<MailedToken, 'hash' | 'salt' | 'resetsPassword' | 'expiresAt'> | Unsendable> {
  const token = tokenId === null ? undefined : await findMailedToken(database, accountId, tokenId);
  if (token !== undefined && isOpen(token, now())) return token;
  const newer = kind === 'invitation' ? await findOpenCode(database, accountId, now()) : undefined;
  return newer ?? never(token?.claimedAt ? 'code-used' : 'code-ended');
}

function never(reason: UnsentReason): Unsendable {
  return { reason, final: true };
}
