import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { settingsTable } from '../../src/config/settings.ts';
import { errorCatalogue } from '../../src/errors/catalogue.ts';
import { complaintCodes } from '../../src/errors/complaints.ts';
import { commands } from '../support/commands.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
describe('the manual', () => {
  test('names every error code, with its meaning, and no other', () => {
    const page = read('docs/errors.md');
    for (const [code, { meaning }] of Object.entries(errorCatalogue)) {
      assert.ok(page.includes(`\`${code}\``), `${code} is missing`);
      assert.ok(page.includes(meaning), `what ${code} means is missing`);
    }
  });

  test('names every complaint about a field', () => {
    const page = read('docs/errors.md');
    for (const code of complaintCodes) {
      assert.ok(page.includes(`| \`${code}\` |`), `${code} is missing`);
    }
  });

  test('names every setting, with its default and meaning', () => {
    const page = read('docs/settings.md');
    for (const setting of Object.values(settingsTable)) {
      assert.ok(page.includes(`\`${setting.name}\``), `${setting.name} is missing`);
      assert.ok(page.includes(setting.meaning), `what ${setting.name} means is missing`);
    }
  });

  test('names every command', () => {
    const page = read('docs/commands.md');
    for (const { words } of commands) {
      assert.ok(page.includes(words), `\`ringup ${words}\` is missing`);
    }
  });
});
