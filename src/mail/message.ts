import { type Mailbox, parseMailbox } from '../lib/mailbox.ts';
import type { Space } from '../spaces/space.ts';

/** A mail in the form in which the mail server receives it. */
export interface MailMessage {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly replyTo?: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly messageId: string;
  readonly date: Date;
  readonly text: string;
  readonly html: string;
  readonly attachments?: readonly MailPicture[];
  readonly headers: Readonly<Record<string, string>>;
}

/** A picture that the HTML of the mail shows by `cid:`. */
export interface MailPicture {
  readonly filename: string;
  readonly content: Buffer;
  readonly contentType: string;
  readonly cid: string;
  readonly contentDisposition: 'inline';
}

/** Returns the headers that all mails of a space have in common. */
export function envelopeOf(
  from: Mailbox,
  { name, mailReplyTo }: Space,
): Pick<MailMessage, 'from' | 'replyTo' | 'headers'> {
  const replyTo = mailReplyTo === null ? undefined : parseMailbox(mailReplyTo);
  return {
    from: mailboxOf(from, name),
    ...(replyTo === undefined ? {} : { replyTo: mailboxOf(replyTo) }),
    headers: automaticHeaders,
  };
}

/** Headers that keep automatic replies away. */
const automaticHeaders: Readonly<Record<string, string>> = {
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'All',
};

/** Returns a name as one line of text that mail programs show unchanged. It is for the headers of a mail. */
export function headerName(name: string): string {
  // Mail programs would decode text that looks like an encoded word (RFC 2047).
  return name
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll('=?', '= ?')
    .trim();
}

export function mailboxOf({ name, address }: Mailbox, otherwise = ''): MailMessage['to'] {
  return { name: headerName(name ?? otherwise), address };
}
