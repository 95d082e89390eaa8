import { html } from 'ghtml';
import { qrSvg } from '../../lib/qr-code.ts';
import type { ShownCode } from '../code-reader.ts';
import { mark } from '../html-page.ts';
import type { Reader } from '../reader.ts';
import { copyField } from './copy-field.ts';
import { shape } from './shape.ts';

export function openButton({ t }: Reader, { url }: ShownCode): string {
  return html`<a class="button" href="linphone-config:${url}">${t('landing.open')}</a>`;
}

const states = [
  ['waiting opened', 'landing.waiting', 'landing.tells'],
  ['fetched', 'landing.fetched', 'landing.fetchedLine'],
  ['delivered', 'landing.done', 'landing.doneLine'],
  ['lost', 'landing.lost', 'landing.lostLine'],
  ['expired', 'landing.expired', 'landing.expiredLine'],
] as const;

/**
 * Returns the progress of the code, which a script keeps up to date. Without a script, it says how to see that it
 * worked.
 */
export function progress({ t, prefix }: Reader, { events }: ShownCode): string {
  const waiting = html`<b>${t('landing.waiting')}</b><br><span class="hint">${t('landing.reload')}</span>`;
  if (events === null) return html`<div class="progress">!${mark}<p>!${waiting}</p></div>`;
  const parts = states.map(
    ([when, word, line]) =>
      html`<p data-when="${when}" hidden><b>${t(word)}</b><br><span class="hint">${t(line)}</span></p>`,
  );
  return html`<div class="progress">!${mark}!${shape('done')}<div role="status" data-follows="${prefix}${events}"><p data-when="">!${waiting}</p>!${parts}</div></div>`;
}

/** Returns the QR code. `more` is HTML, already escaped, that is shown after the explanation how to scan the code. */
export function picture({ t }: Reader, code: ShownCode, more: string): string {
  const svg = Buffer.from(qrSvg(code.url)).toString('base64');
  return html`<figure class="code">
<img src="data:image/svg+xml;base64,${svg}" width="304" height="304" alt="${t('code.qr')}">
<figcaption>${t('landing.scanWith')} !${more}</figcaption>
</figure>`;
}

export function addressField({ t }: Reader, { url }: ShownCode): string {
  return copyField(t, {
    id: 'address',
    label: t('landing.address'),
    value: url,
    hint: html`${t('landing.addressHint')}`,
  });
}

/** Returns what a person should know before using the code: for example, that it works once. */
export function remarks({ t }: Reader, { url }: ShownCode): string {
  const keys = ['landing.once', 'landing.replaces'] as const;
  const resets = new URL(url).searchParams.has('reset_password') ? (['landing.resets'] as const) : [];
  return [...keys, ...resets].map((key) => html`<span>${t(key)}</span>`).join(' ');
}
