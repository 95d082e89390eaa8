import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { referencePages } from '../../scripts/reference-pages.ts';

const pages = Object.entries(await referencePages());

test('the source says pages of the manual', () => assert.ok(pages.length >= 3));

for (const [name, text] of pages) {
  test(`docs/${name} is what \`npm run docs\` makes`, () => {
    assert.equal(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8'), text);
  });
}
