import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { referencePages } from '../../scripts/reference-pages.ts';
import { root } from './pages.ts';

test('the generated pages are up to date with the source (`npm run docs`)', async () => {
  const pages = await referencePages();
  const written = Object.keys(pages).map((name) => [name, readFileSync(new URL(`docs/${name}`, root), 'utf8')]);
  assert.deepEqual(Object.fromEntries(written), pages);
});
