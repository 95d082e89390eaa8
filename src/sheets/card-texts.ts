import { cardWords } from './card-words.ts';
import { scriptRuns } from './script-runs.ts';
import type { SheetCard } from './sheet-card.ts';
import { type Look, mm, type TextPen } from './sheet-text.ts';

const big: Look = { weight: 700, size: 11.5, leading: 15 };
const bold: Look = { weight: 700, size: 8.5, leading: 11.5 };
const plain: Look = { weight: 500, size: 8.5, leading: 11.5 };

/** A text of a card, as the lines to draw. */
export interface CardText {
  readonly lines: readonly string[];
  readonly look: Look;
  /** The space above the text, in points. */
  readonly above: number;
}

interface Wish {
  readonly text: string;
  readonly look: Look;
  readonly above: number;
  readonly maxLines: number;
  /** How many lines it keeps on a card that is too full. */
  readonly minLines: number;
}

/**
 * Returns the texts beside the code, from top to bottom. If they do not fit into the room together, the help is
 * shortened first, then the name, then the address.
 */
export function cardTexts(
  pen: TextPen,
  card: SheetCard,
  { width, height }: { readonly width: number; readonly height: number },
): readonly CardText[] {
  const { names, address, instructions, helps } = wishesOf(card);
  const texts = new Map<Wish, CardText>();
  const write = (wish: Wish, maxLines: number) => texts.set(wish, written(pen, wish, { width, maxLines }));
  for (const wish of [...names, address, ...instructions, ...helps]) write(wish, wish.maxLines);
  for (const wish of [...helps, ...names, address]) {
    const excess = heightOf([...texts.values()]) - height;
    if (excess <= 0) break;
    const lines = texts.get(wish)?.lines.length ?? 0;
    write(wish, Math.max(wish.minLines, lines - Math.ceil(excess / wish.look.leading)));
  }
  return [...texts.values()];
}

function wishesOf(card: SheetCard) {
  const { steps, validity, help } = cardWords(card);
  // A name in a script that the font lacks would be a row of boxes, so it is left out. The address says whose card it
  // is.
  const isReadable = scriptRuns(card.name) !== undefined;
  const isHelpful = help !== undefined && scriptRuns(help) !== undefined;
  const name: Wish = { text: card.name, look: big, above: 0, maxLines: 3, minLines: 1 };
  const address: Wish = { ...name, text: card.address, look: isReadable ? plain : bold };
  const instructions: readonly Wish[] = [
    ...steps.map((step, index) => {
      const above = index === 0 ? 1.5 * mm : 0;
      return { text: `${index + 1}. ${step}`, look: plain, above, maxLines: 2, minLines: 2 };
    }),
    { text: validity, look: bold, above: 1.5 * mm, maxLines: 3, minLines: 3 },
  ];
  const helps = isHelpful ? [{ text: help, look: plain, above: 1 * mm, maxLines: 3, minLines: 0 }] : [];
  return { names: isReadable ? [name] : [], address, instructions, helps };
}

function written(pen: TextPen, { text, look, above }: Wish, room: { width: number; maxLines: number }): CardText {
  if (room.maxLines === 0) return { lines: [], look, above: 0 };
  return { lines: pen.wrap(text, look, room), look, above };
}

function heightOf(texts: readonly CardText[]): number {
  return texts.reduce((sum, { lines, look, above }) => sum + above + lines.length * look.leading, 0);
}
