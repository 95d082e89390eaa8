import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const panel = new URL('../../src/panel/', import.meta.url);

test('each text area begins with a line break, because browsers drop the first one of its text', () => {
  const without: string[] = [];
  let count = 0;
  for (const file of globSync('**/*.ts', { cwd: panel })) {
    const source = readFileSync(new URL(file, panel), 'utf8');
    for (const { index } of source.matchAll(/<textarea/g)) {
      // A value in the tag, such as `!${isWrong ? ' aria-invalid="true"' : ''}`, has no braces in it.
      const content = source.slice(index).replace(/^<textarea(?:\$\{[^}]*\}|[^>])*>/, '');
      count += 1;
      if (!/^(?:\n|\$\{`\\n)/.test(content)) without.push(`${file}: ${content.slice(0, 40)}`);
    }
  }
  assert.deepEqual(without, []);
  assert.ok(count > 5);
});
