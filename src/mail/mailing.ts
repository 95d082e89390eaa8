import type { MailServerContext } from './mail-server.ts';
import { Outbox, type OutboxContext } from './outbox.ts';
import { PasswordResets, type PasswordResetsContext } from './password-resets.ts';
import { MailConnections, type SendMail } from './send-mail.ts';

export interface Mailing {
  readonly mail: MailServerContext['mail'];
  readonly sendMail: SendMail;
  readonly outbox: Outbox;
  readonly passwordResets: PasswordResets;
}

/** Adds the parts that send mails to the same object, because getters on it may change. */
export function addMailing<Parts extends Omit<OutboxContext & PasswordResetsContext, 'mail'>>(
  parts: Parts,
  mail: MailServerContext['mail'],
): Parts & Mailing {
  const connections = new MailConnections();
  const context = Object.assign(parts, { mail, sendMail: connections.send });
  return Object.assign(context, {
    outbox: new Outbox(context, connections),
    passwordResets: new PasswordResets(context),
  });
}
