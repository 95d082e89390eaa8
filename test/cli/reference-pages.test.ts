import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { referencePages } from '../../scripts/reference-pages.ts';

describe('the pages of the manual that the source says', () => {
  for (const [name, text] of Object.entries(await referencePages())) {
    test(`docs/${name} is what \`npm run docs\` makes`, () => {
      assert.equal(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8'), text);
    });
  }
});
