import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * Every width in light and dark. Axe checks a page once in each colour scheme, because its rules hardly depend on the
 * width.
 */
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

/** Returns the violations that axe finds on a page: the rule, and the elements. */
export async function violations(page: Page, options: RunOptions = {}): Promise<string[]> {
  // Our pages have no frames, and legacy mode avoids a window for each analysis.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations: found } = await axe.options({ ...options, resultTypes: ['violations'] }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
