import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Every width in light and dark. Axe judges a page once in each colour, as its rules hardly depend on the width. */
export const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [320, 390, 1280].map((width) => ({
    isJudged: width === (colorScheme === 'light' ? 390 : 1280),
    look: {
      colorScheme,
      locale: colorScheme === 'dark' ? 'fr-FR' : 'en-GB',
      viewport: { width, height: width === 1280 ? 800 : 844 },
    },
  })),
);

type RunOptions = Parameters<AxeBuilder['options']>[0];

/** Returns what axe finds wrong on a page: the rule, and the elements that break it. */
export async function violations(page: Page, options: RunOptions = {}): Promise<string[]> {
  // Our pages have no frames, for which each analysis would open a window of its own.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations: found } = await axe.options({ ...options, resultTypes: ['violations'] }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
