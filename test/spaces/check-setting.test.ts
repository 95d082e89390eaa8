import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMailbox } from '../../src/lib/mailbox.ts';
import { parseWebAddress } from '../../src/lib/web-address.ts';
import { contactLines } from '../../src/panel/parts/landing-frame.ts';
import { checkLogo, maxLogoLength } from '../../src/spaces/check-setting.ts';
import { assertGrowsLinearly } from '../support/growth.ts';

const hostile = ['\t', ' ', 'A', '=', '.', '0', '0 ', '@', 'a@', '/', '<', '"'];

test('the settings of a space take time that grows only with their length', () => {
  for (const piece of hostile) {
    const textOf = (size: number) => `a${piece.repeat(size / piece.length)}(!`;
    const refuses = (text: string) => assert.deepEqual(checkLogo(text), { code: 'not-a-picture' });
    assertGrowsLinearly(textOf, refuses, maxLogoLength / 16, `a logo full of ${piece}`);
    assertGrowsLinearly(textOf, parseMailbox, 30_000, `a mailbox full of ${piece}`);
    assertGrowsLinearly(textOf, contactLines, 8_000, `a contact full of ${piece}`);
    assertGrowsLinearly(
      (size) => `https://x.test/${textOf(size)}`,
      parseWebAddress,
      30_000,
      `an address full of ${piece}`,
    );
  }
});
