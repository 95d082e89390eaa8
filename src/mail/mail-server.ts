import { type Mailbox, parseMailbox } from '../lib/mailbox.ts';
import { parseSmtpUrl, type SmtpServer } from '../lib/smtp-url.ts';
import type { Space } from '../spaces/space.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';

export interface MailServerContext {
  readonly spaces: SpaceDirectory;
  /** What the environment sets. */
  readonly mail: { readonly smtpUrl: string | null; readonly mailFrom: string | null };
}

/** Where the mails of a space go out, and who sends them. */
export interface MailServer {
  readonly server: SmtpServer;
  readonly from: Mailbox;
}

/**
 * Returns how mails of this space are sent, or undefined where nothing says it. What the space sets itself counts first, then
 * the environment, then the first space; for the first space itself the environment counts first.
 */
export function mailServerOf({ spaces, mail }: MailServerContext, space: Space): MailServer | undefined {
  const { first } = spaces;
  const choose = (own: (of: Space) => string | null, environment: string | null): string | null =>
    (space.id === first.id ? null : own(space)) ?? environment ?? own(first);
  const server = parseSmtpUrl(choose((of) => of.smtpUrl, mail.smtpUrl) ?? '');
  const from = parseMailbox(choose((of) => of.mailFrom, mail.mailFrom) ?? '');
  return server === undefined || from === undefined ? undefined : { server, from };
}
