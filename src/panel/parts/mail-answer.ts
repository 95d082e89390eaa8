import { html } from 'ghtml';
import type { App } from '../../app.ts';
import { refusalText } from '../../locale/failure-text.ts';
import type { ServerReply } from '../../mail/send-mail.ts';
import { sendTestMail, type TestMail } from '../../mail/send-test-mail.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';
import { unsentText } from './mail-state.ts';
import { tryChange } from './refusal.ts';
import { shape } from './shape.ts';

export interface TestMailNews {
  readonly reply?: ServerReply;
  /** Why no test mail was sent, as a sentence for the page. */
  readonly problem?: string;
}

/** Sends a test mail. Returns the mail server's answer, or why no mail was sent. */
export async function tryTestMail(
  app: App,
  { t }: Pick<Reader, 't'>,
  space: Space,
  mail: TestMail,
): Promise<TestMailNews> {
  const { done: reply, refusal } = await tryChange(
    () => sendTestMail(app, space, mail),
    ({ kind }) => kind !== 'too-many',
  );
  return refusal === undefined ? { reply } : { problem: refusalText(t, refusal) };
}

/** Returns the HTTP status of a page about a test mail: 422 if none was sent, or the mail server refused it. */
export function statusOfTest({ reply, problem }: TestMailNews): { readonly status?: number } {
  return problem !== undefined || reply?.taken === false ? { status: 422 } : {};
}

/** Returns a banner with the answer to a test mail, or why none was sent. Returns nothing if there was no test. */
export function mailAnswer({ t }: Reader, { reply, problem }: TestMailNews): string {
  if (problem !== undefined) return html`<p class="banner bad" role="alert">${problem}</p>`;
  if (reply === undefined) return '';
  const words = t(reply.taken ? 'spaceMail.taken' : 'spaceMail.notTaken');
  const why = reply.reason === undefined ? '' : html` ${unsentText(t, reply.reason)} ${t('spaceMail.untrustedHint')}`;
  return html`<p class="banner!${reply.taken ? '' : ' bad'}" role="status">!${shape(reply.taken ? 'done' : 'failed')}<span><b>${words}</b> <bdi>${reply.answer}</bdi>!${why}</span></p>`;
}
