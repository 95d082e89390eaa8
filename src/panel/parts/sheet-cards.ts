import { html } from 'ghtml';
import { qrSvg } from '../../lib/qr-code.ts';
import { cardWords } from '../../sheets/card-words.ts';
import type { SheetCard } from '../../sheets/sheet-card.ts';
import type { Reader } from '../reader.ts';

/** Returns the path of the sheet with the codes of these accounts. `hasMore`: more accounts match, which it lacks. */
export function sheetPath(ids: readonly number[], hasMore = false): string {
  return `/admin/sheet?${ids.map((id) => `account=${id}`).join('&')}${hasMore ? '&more=true' : ''}`;
}

/** Returns the cards as they are printed, eight on a page. */
export function sheetCards(reader: Reader, cards: readonly SheetCard[]): string {
  return html`<ul class="sheet">!${cards.map((card) => sheetCard(reader, card))}</ul>`;
}

function sheetCard({ t }: Reader, card: SheetCard): string {
  const { steps, validity, help } = cardWords(card);
  const svg = Buffer.from(qrSvg(card.url)).toString('base64');
  return html`<li class="card" lang="${card.language}">
<img src="data:image/svg+xml;base64,${svg}" alt="${t('sheet.qr', { name: card.name })}">
<div><h2><bdi>${card.name}</bdi></h2><p>${card.address}</p>
<ol>!${steps.map((step) => html`<li>${step}</li>`)}</ol>
<p><b>${validity}</b></p>!${help === undefined ? '' : html`<p>${help}</p>`}</div>
</li>`;
}
