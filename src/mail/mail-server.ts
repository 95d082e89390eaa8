import { type Mailbox, parseMailbox } from '../lib/mailbox.ts';
import { parseSmtpUrl, type SmtpServer } from '../lib/smtp-url.ts';
import type { Space } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';

export interface MailServerContext {
  readonly spaces: SpaceDirectory;
  /** The mail settings of the environment. */
  readonly mail: { readonly smtpUrl: string | null; readonly mailFrom: string | null };
}

/** The server and the sender of a space's mails. */
export interface MailServer {
  readonly server: SmtpServer;
  readonly from: Mailbox;
}

/**
 * Returns how the space's mails are sent, or undefined if nothing is set. The space's own settings take precedence,
 * then the environment, then the first space. For the first space itself, the environment takes precedence.
 */
export function mailServerOf({ spaces, mail }: MailServerContext, space: Space): MailServer | undefined {
  const { first } = spaces;
  const choose = (own: (of: Space) => string | null, environment: string | null): string | null =>
    (space.id === first.id ? null : own(space)) ?? environment ?? own(first);
  const server = parseSmtpUrl(choose((of) => of.smtpUrl, mail.smtpUrl) ?? '');
  const from = parseMailbox(choose((of) => of.mailFrom, mail.mailFrom) ?? '');
  return server === undefined || from === undefined ? undefined : { server, from };
}
