import { html } from 'ghtml';
import { quoteText, visibleText } from '../../errors/quote-text.ts';
import type { Translate } from '../../locale/translate.ts';
import type { ServerAnswer } from '../../network/ask-server.ts';
import type { Reader } from '../reader.ts';
import { type Shape, shape } from './shape.ts';

interface Words {
  readonly shape: Shape;
  readonly headline: string;
  readonly detail: string;
}

/** Returns the SIP server's answer, shortened and escaped, or that there was none. */
export function serverAnswer({ t }: Pick<Reader, 't'>, answer: ServerAnswer): string {
  const { shape: kind, headline, detail } = wordsOf(t, answer);
  return html`<p class="told" role="status">!${shape(kind)}<span><b>${headline}</b> ${detail}</span></p>`;
}

/**
 * Returns the words for an answer. All other failures have the same words, so that nobody can map a network by them.
 */
function wordsOf(t: Translate, answer: ServerAnswer): Words {
  if (answer.kind !== 'response') {
    return { shape: 'unusual', headline: t('server.silent'), detail: t('server.silentHint') };
  }
  const { status, reason, server, certificate } = answer;
  const detail = [
    server === null ? '' : t('server.name', { server: quoteText(server) }),
    certificate === null ? '' : t('server.certificate', { fault: visibleText(certificate) }),
  ];
  return {
    shape: certificate === null ? 'done' : 'unusual',
    headline: t('server.answers', { answer: `${status} ${visibleText(reason)}`.trim() }),
    detail: detail.filter((each) => each !== '').join(' '),
  };
}
