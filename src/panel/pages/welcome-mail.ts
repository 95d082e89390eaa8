import { setUpMail } from '../../administration/set-up-mail.ts';
import type { Space } from '../../spaces/space.ts';
import type { SpaceChanges } from '../../spaces/space-fields.ts';
import { tryTestMail } from '../parts/mail-answer.ts';
import { type SentMailServer, sentSmtpUrl } from '../parts/mail-server-fields.ts';
import type { MailStepNews } from '../parts/mail-step.ts';
import { withPasswordAgain } from '../parts/password-again.ts';
import { mistakesOf } from '../parts/refusal.ts';
import { editedFields } from '../parts/shown-values.ts';
import type { Reader } from '../reader.ts';
import type { Asked } from '../view.ts';

/** The fields of the step about mail. Those of the mail server are missing if the environment sets it. */
interface Sent extends SentMailServer {
  readonly mail_from?: string;
  readonly was_mail_from?: string;
  readonly email?: string;
  readonly current_password?: string;
}

/**
 * Sets the mail server, and sends a test mail if an address is given. Returns the messages for the page, or undefined
 * to continue.
 */
export async function takeMailStep(by: Asked, reader: Reader, sent: Sent): Promise<MailStepNews | undefined> {
  const typed = { server: sent, mailFrom: sent.mail_from, email: sent.email };
  const mistakes = await mistakesOf(reader, () => takeSettings(by, sent));
  if (mistakes !== undefined) return { ...typed, shownFrom: sent.was_mail_from, mistakes };
  if (!sent.email) return undefined;
  const { app, caller } = by;
  const mail = { username: caller.account.username, to: sent.email, language: reader.language };
  return { ...typed, ...(await tryTestMail(app, reader, app.spaces.first, mail)) };
}

/**
 * Sets the caller's own address and the mail server of the first space, which applies to all spaces that have none of
 * their own.
 */
function takeSettings(asked: Asked, sent: Sent): Promise<void> {
  const { app } = asked;
  const wish = { server: serverIn(sent, app.spaces.first), email: sent.email || undefined };
  return withPasswordAgain(asked, sent.current_password, (by) => setUpMail(app, by, wish));
}

/**
 * Returns the changes of the space. There are none if the environment sets the mail server, because the form then has
 * no fields for it. An empty address changes nothing, because the page never shows the current one.
 */
function serverIn({ mail_from, was_mail_from, ...sent }: Sent, { smtpUrl }: Space): SpaceChanges | undefined {
  if (mail_from === undefined) return undefined;
  const smtp_url = sentSmtpUrl(sent, smtpUrl);
  const isKept = smtp_url === '' && smtpUrl !== null;
  return { ...editedFields({ mail_from, was_mail_from }), ...(isKept ? {} : { smtp_url }) };
}
