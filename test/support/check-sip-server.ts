import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { waitUntil } from './wait-until.ts';

/** Presses *Check* until the page says what the SIP server answers, because a busy machine may miss the deadline. */
export async function checkSipServer(page: Page): Promise<void> {
  const isAnswered = async () => {
    await page.getByRole('button', { name: 'Check' }).click();
    return /The server answers/.test((await page.getByRole('status').textContent()) ?? '');
  };
  assert.ok(await waitUntil(isAnswered), 'the SIP server never answers in time');
}
