import { actorOf } from '../../access/caller.ts';
import { updateAccount } from '../../administration/update-account.ts';
import { updateSpace } from '../../administration/update-space.ts';
import { oneself } from '../../events/actor.ts';
import { tryTestMail } from '../parts/mail-answer.ts';
import { type SentMailServer, sentSmtpUrl } from '../parts/mail-server-fields.ts';
import type { MailStepNews } from '../parts/mail-step.ts';
import { requirePasswordAgain } from '../parts/password-again.ts';
import { mistakesOf } from '../parts/refusal.ts';
import type { Reader } from '../reader.ts';
import type { Asked } from '../view.ts';

/** What the step about mail sends. The mail server is missing where the environment sets it. */
interface Sent extends SentMailServer {
  readonly mail_from?: string;
  readonly email?: string;
  readonly current_password?: string;
}

type Confirming = Asked;

/** Sets the mail server, and sends a test mail to whom names an address. Returns what the step has to say, if anything. */
export async function takeMailStep(
  by: Confirming,
  reader: Pick<Reader, 't'>,
  sent: Sent,
): Promise<MailStepNews | undefined> {
  const typed = { server: sent, mailFrom: sent.mail_from, email: sent.email };
  const mistakes = {
    ...(await mistakesOf(reader, () => setMailServer(by, sent))),
    ...(await mistakesOf(reader, () => setOwnAddress(by, sent.email || null))),
  };
  if (Object.keys(mistakes).length > 0) return { ...typed, mistakes };
  if (!sent.email) return undefined;
  const { app, caller } = by;
  const mail = { to: sent.email, language: caller.account.language ?? 'en' };
  return { ...typed, ...(await tryTestMail(app, reader, app.spaces.first, mail)) };
}

/**
 * Sets the mail server of the first space, which counts for all that have none of their own. An address that is left empty
 * changes nothing, because the page never shows the present one.
 */
async function setMailServer(by: Confirming, { mail_from, current_password, ...sent }: Sent): Promise<void> {
  const { app, caller } = by;
  // The fields are missing where the environment sets the mail server.
  if (mail_from === undefined) return;
  const smtp_url = sentSmtpUrl(sent);
  const server = smtp_url === '' && app.spaces.first.smtpUrl !== null ? {} : { smtp_url };
  if (server.smtp_url !== undefined) await requirePasswordAgain(by, current_password);
  await updateSpace(app, actorOf(caller), app.spaces.first.domain, { ...server, mail_from });
}

async function setOwnAddress({ app, caller }: Confirming, email: string | null): Promise<void> {
  if (email === null || email === caller.account.email) return;
  await updateAccount(app, oneself(caller.account), caller, { email });
}
