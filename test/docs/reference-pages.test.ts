import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { referencePages } from '../../scripts/reference-pages.ts';
import { root } from './pages.ts';

test('the pages that are made from the source are what the source says now (`npm run docs`)', async () => {
  for (const [name, text] of Object.entries(await referencePages())) {
    assert.equal(readFileSync(new URL(`docs/${name}`, root), 'utf8'), text, `docs/${name}`);
  }
});
