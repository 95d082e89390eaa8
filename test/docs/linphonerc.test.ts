import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { loadKeyCatalogue } from '../../src/lpconfig/key-catalogue.ts';
import { lintLinphonerc } from '../../src/lpconfig/lint-linphonerc.ts';
import { lintRules } from '../../src/lpconfig/lint-rules.ts';
import { root } from './pages.ts';

const read = (name: string) => readFileSync(new URL(name, root), 'utf8');
const page = read('docs/linphonerc.md');
const catalogue = await loadKeyCatalogue();

describe('the page on the linphonerc', () => {
  test('lists each rule of the linter with its severity and its message', () => {
    for (const [id, { severity, about, effect }] of Object.entries(lintRules)) {
      assert.ok(page.includes(`| \`${id}\` | ${severity} | ${about} | ${effect} |\n`), id);
    }
  });

  test('lists no rule that does not exist', () => {
    const named = [...page.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, id]) => id);
    assert.deepEqual(named, Object.keys(lintRules));
  });

  test('shows an example in which the linter finds nothing', () => {
    const [, example = ''] = /^```ini\n([\s\S]*?)^```$/m.exec(page) ?? [];
    assert.ok(example.length > 100);
    assert.deepEqual(lintLinphonerc(example, { file: 'example', catalogue }), []);
  });
});
