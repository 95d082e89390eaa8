import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { loadKeyCatalogue } from '../../src/lpconfig/key-catalogue.ts';
import { lintLinphonerc } from '../../src/lpconfig/lint-linphonerc.ts';
import type { Finding } from '../../src/lpconfig/lint-rules.ts';

const folder = new URL('fixtures/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.rc'));
const catalogue = await loadKeyCatalogue();

function lint(name: string): Finding[] {
  const audience = name.startsWith('two-accounts') ? 'account' : 'everybody';
  return lintLinphonerc(readFileSync(new URL(name, folder)), { file: name, catalogue, audience });
}

/** One line for each finding, as the `.findings` files have it. */
function line({ line, column, severity, rule, section, key, message }: Finding): string {
  const subject = section === undefined ? '' : ` ${section}${key === undefined ? '' : `/${key}`}`;
  return `${line}:${column} ${severity} ${rule}${subject}: ${message}`;
}

describe('the linter and realistic files', () => {
  test('the tests find fixtures', () => assert.ok(names.length >= 7));

  for (const name of names.filter((each) => each.endsWith('.good.rc'))) {
    test(`the linter finds only notes in ${name}, which is correct`, () => {
      const found = lint(name).filter(({ severity }) => severity !== 'note');
      assert.deepEqual(found.map(line), []);
    });
  }

  for (const name of names.filter((each) => each.endsWith('.bad.rc'))) {
    test(`the linter finds exactly what the .findings of ${name} list`, () => {
      const expected = readFileSync(new URL(name.replace(/rc$/, 'findings'), folder), 'utf8')
        .trimEnd()
        .split('\n');
      assert.deepEqual(lint(name).map(line), expected);
    });
  }
});
