import { html } from 'ghtml';
import type { Page } from '../../http/page.ts';
import type { Space } from '../../spaces/space.ts';
import type { CodeVisit } from '../code-reader.ts';
import { layout } from '../layout.ts';
import { contactLines, landingFrame } from '../parts/landing-frame.ts';
import type { Reader } from '../reader.ts';

/**
 * Returns the page of a code that was used, has expired, was replaced or is unknown. The page does not say which, and
 * contains no names.
 */
export function notValidPage(visit: CodeVisit, space: Space): string {
  const { t } = visit.reader;
  const main = html`<h1>${t('landing.over.title')}</h1>
<p class="lead">${t('landing.over.lead')}</p>
<section class="asking"><h2>${t('landing.over.ask')}</h2>
<p>${t('landing.over.askLine')}</p>
!${whomToAsk(visit.reader, space.contactText)}</section>`;
  return landingFrame({ ...visit, url: '' }, space, { title: t('landing.over.title'), width: 'reading', main });
}

/** Returns the page of a valid code whose account has as many phones as its space allows. */
export function noRoomPage(visit: CodeVisit, space: Space): string {
  const { t } = visit.reader;
  const main = html`<h1>${t('landing.full.title')}</h1>
<p class="lead">${t('landing.full.lead')}</p>
<section class="asking"><h2>${t('landing.full.ask')}</h2>
<p>${t('landing.full.askLine')}</p>
!${whomToAsk(visit.reader, space.contactText)}</section>`;
  return landingFrame({ ...visit, url: '' }, space, { title: t('landing.full.title'), width: 'reading', main });
}

/**
 * Returns the page for programs that open links by themselves. It is the same for every address, and also helps people
 * who see it.
 */
export function previewPage({ language, t, prefix }: Reader): Page {
  const main = html`<h1>${t('landing.preview.title')}</h1>
<p class="lead">${t('landing.preview.lead')}</p>
<p>${t('landing.preview.see')}</p>`;
  const description = t('landing.preview.description');
  return { html: layout({ title: t('landing.preview.title'), description, width: 'reading', language, prefix, main }) };
}

function whomToAsk({ t }: Reader, contactText: string | null): string {
  const [first, ...others] = contactLines(contactText ?? '');
  if (first === undefined) return html`<p class="hint">${t('landing.administrator')}</p>`;
  return html`<p class="contact"><b>!${first}</b>!${others.map((line) => html`<br>!${line}`).join('')}</p>`;
}
