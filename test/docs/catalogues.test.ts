import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { sampleFailures } from '../../scripts/errors-page.ts';
import { settingsTable } from '../../src/config/settings.ts';
import { errorCatalogue } from '../../src/errors/catalogue.ts';
import { complaintCodes } from '../../src/errors/complaints.ts';
import { commands } from '../support/commands.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
describe('the manual', () => {
  test('names exactly the existing error codes, with their meanings', () => {
    const page = read('docs/errors.md');
    const missing = Object.entries(errorCatalogue).filter(
      ([code, { meaning }]) => meaning.trim() === '' || !page.includes(`\`${code}\``) || !page.includes(meaning),
    );
    assert.deepEqual(
      missing.map(([code]) => code),
      [],
    );
  });

  test('names every failure of a code that covers several, and what its message says', () => {
    const sections = read('docs/errors.md').split(/^(?=##)/m);
    const missing = sampleFailures.filter(({ code, name, sentence }) => {
      const section = sections.find((each) => each.startsWith(`### \`${code}\`\n`));
      return section?.includes(`| \`${name}\` | ${sentence.replaceAll('|', '\\|')} |`) !== true;
    });
    assert.deepEqual(
      missing.map(({ code, name }) => `${code} ${name}`),
      [],
    );
  });

  test('names every complaint about a field', () => {
    const page = read('docs/errors.md');
    assert.deepEqual(
      complaintCodes.filter((code) => !page.includes(`| \`${code}\` |`)),
      [],
    );
  });

  test('names every setting, with its default and meaning', () => {
    const page = read('docs/settings.md');
    const missing = Object.values(settingsTable).filter(
      ({ name, meaning }) => meaning.trim() === '' || !page.includes(`\`${name}\``) || !page.includes(meaning),
    );
    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
    );
  });

  test('names every command', () => {
    const page = read('docs/commands.md');
    const missing = commands.filter(({ words }) => !page.includes(words));
    assert.deepEqual(
      missing.map(({ words }) => words),
      [],
    );
  });
});
