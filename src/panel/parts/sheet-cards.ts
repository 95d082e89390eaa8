import { html } from 'ghtml';
import { partsInTurns } from '../../lib/parts-in-turns.ts';
import { qrSvg } from '../../lib/qr-code.ts';
import { cardWords } from '../../sheets/card-words.ts';
import type { SheetCard } from '../../sheets/sheet-card.ts';
import type { Reader } from '../reader.ts';

/** Returns the path of the sheet with the codes of these accounts. `hasMore`: more accounts match, which it lacks. */
export function sheetPath(ids: readonly number[], hasMore = false): string {
  return `/admin/sheet?${ids.map((id) => `account=${id}`).join('&')}${hasMore ? '&more=true' : ''}`;
}

/** Drawing a code takes longer than a query. */
const cardsEachTurn = 8;

/** Returns the cards as they are printed, eight on a page. */
export async function sheetCards(reader: Reader, cards: readonly SheetCard[]): Promise<string> {
  const drawn: string[] = [];
  for await (const part of partsInTurns(cards, cardsEachTurn)) {
    drawn.push(...part.map((card) => sheetCard(reader, card)));
  }
  return html`<ul class="sheet">!${drawn}</ul>`;
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
