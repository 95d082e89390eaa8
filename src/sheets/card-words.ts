import { momentText } from '../locale/moment-text.ts';
import { translator } from '../locale/translate.ts';
import type { SheetCard } from './sheet-card.ts';

/** The texts beside the code on a card. */
export interface CardWords {
  readonly steps: readonly string[];
  readonly validity: string;
  readonly help: string | undefined;
}

export function cardWords({ expiresAt, contactText, language, timeZone }: SheetCard): CardWords {
  const t = translator(language);
  return {
    steps: [t('sheet.step1'), t('sheet.step2'), t('sheet.step3')],
    validity:
      expiresAt === null
        ? t('sheet.once')
        : t('sheet.onceUntil', { time: momentText({ language, timeZone }, expiresAt) }),
    help: contactText === null ? undefined : `${t('landing.help')} ${linesOf(contactText).join(', ')}`,
  };
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
