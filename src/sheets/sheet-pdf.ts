import { qrMatrix } from '../lib/qr-code.ts';
import { cardTexts } from './card-texts.ts';
import type { SheetCard } from './sheet-card.ts';
import { mm, type Pdf, type TextPen, textPen } from './sheet-text.ts';

interface PaperSize {
  readonly width: number;
  readonly height: number;
}

export const papers = {
  A4: { width: 210 * mm, height: 297 * mm },
  Letter: { width: 612, height: 792 },
} as const satisfies Record<string, PaperSize>;
export type Paper = keyof typeof papers;

const columns = 2;
const rows = 4;
const card = { width: 95 * mm, height: 67 * mm, padding: 6 * mm, code: 36 * mm };

/** Returns a PDF with eight cards on a page, each with the code of one account. */
export async function sheetPdf(
  cards: readonly SheetCard[],
  { title, paper }: { readonly title: string; readonly paper: Paper },
): Promise<Buffer> {
  const { default: PdfDocument } = await import('pdfkit');
  const { width, height } = papers[paper];
  const pdf = new PdfDocument({ size: [width, height], margin: 0, autoFirstPage: false });
  pdf.info.Title = title;
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => pdf.on('end', resolve).on('error', reject));
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const pen = textPen(pdf);
  const left = (width - columns * card.width) / 2;
  const top = (height - rows * card.height) / 2;
  for (const [index, each] of cards.entries()) {
    const place = index % (columns * rows);
    if (place === 0) pdf.addPage();
    const x = left + (place % columns) * card.width;
    const y = top + Math.floor(place / columns) * card.height;
    drawCard(pdf, pen, each, { x, y });
    // Lets other requests run between the pages of a long sheet.
    if (place === 0) await new Promise(setImmediate);
  }
  pdf.end();
  await ended;
  return Buffer.concat(chunks);
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function drawCard(pdf: Pdf, pen: TextPen, of: SheetCard, { x, y }: Place): void {
  pdf
    .lineWidth(0.5)
    .dash(2, { space: 2 })
    .rect(x, y, card.width, card.height)
    .stroke('black')
    .undash()
    .fillColor('black');
  drawCode(pdf, of.url, { x: x + card.padding, y: y + card.padding });
  const textX = x + card.padding + card.code + card.padding;
  let next = y + card.padding - 1.5 * mm;
  const room = {
    width: x + card.width - card.padding / 2 - textX,
    height: y + card.height - card.padding / 2 - next,
  };
  for (const { lines, look, above } of cardTexts(pen, of, room)) {
    next = pen.draw(lines, look, { x: textX, y: next + above });
  }
}

/** Draws the code without a quiet zone, because the padding of the card is wider. */
function drawCode(pdf: Pdf, url: string, { x, y }: Place): void {
  const matrix = qrMatrix(url);
  const side = card.code / matrix.size;
  for (let row = 0; row < matrix.size; row++) {
    for (let column = 0; column < matrix.size; column++) {
      const start = column;
      while (matrix.dark(column, row)) column++;
      if (column > start) pdf.rect(x + start * side, y + row * side, (column - start) * side, side);
    }
  }
  pdf.fill('black');
}
