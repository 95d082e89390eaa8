import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { help, partNames, readOptions } from '../../bench/options.ts';

describe('the help of the benchmark', () => {
  test('names every part, and every option of its manual', () => {
    for (const name of partNames) assert.match(help, new RegExp(`^ {2}${name} `, 'm'));
    const manual = readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8');
    const options = [...manual.matchAll(/^\| `(--[a-z]+)/gm)].map(([, option = '']) => option);
    assert.ok(options.length >= 8);
    for (const option of options) assert.match(help, new RegExp(`^ {2}${option} `, 'm'));
    assert.deepEqual([...help.matchAll(/^ {2}(--[a-z]+)/gm)].map(([, option]) => option).sort(), options.sort());
  });

  test('an unknown part is refused with the names of those that exist', () => {
    assert.throws(() => readOptions(['nosuch']), /There is no part "nosuch", but: sqlite/);
  });
});
