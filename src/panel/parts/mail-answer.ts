import { html } from 'ghtml';
import type { ServerReply } from '../../mail/send-mail.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

interface MailAnswer {
  readonly reply?: ServerReply;
  /** Ours, without an answer of the mail server: a test mail could not be tried. */
  readonly problem?: string;
}

/** Returns what the mail server said to a test mail, or why none was sent, as a banner; without either nothing. */
export function mailAnswer({ t }: Reader, { reply, problem }: MailAnswer): string {
  if (problem !== undefined) return html`<p class="banner bad" role="alert">${problem}</p>`;
  if (reply === undefined) return '';
  const words = t(reply.taken ? 'spaceMail.taken' : 'spaceMail.notTaken');
  return html`<p class="banner!${reply.taken ? '' : ' bad'}" role="status">!${shape(reply.taken ? 'done' : 'failed')}<span><b>${words}</b> <bdi>${reply.answer}</bdi></span></p>`;
}
