import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Command } from 'commander';
import { buildProgram } from '../src/cli/cli.ts';
import { settingsTable } from '../src/config/settings.ts';
import { errorCatalogue } from '../src/errors/catalogue.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('the manual', () => {
  test('names every error code, with its meaning, and no other', () => {
    const page = read('docs/errors.md');
    for (const [code, { meaning }] of Object.entries(errorCatalogue)) {
      assert.ok(page.includes(`\`${code}\``), `${code} is missing`);
      assert.ok(page.includes(meaning), `what ${code} means is missing`);
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
    const io = {
      environment: {},
      colour: false,
      out: () => {},
      err: () => {},
      readInput: async () => '',
      interrupted: async () => {},
    };
    for (const words of commandsOf(buildProgram(io as Parameters<typeof buildProgram>[0]))) {
      assert.ok(page.includes(words), `\`ringup ${words}\` is missing`);
    }
  });
});

function commandsOf(command: Command, before: readonly string[] = []): string[] {
  return command.commands.flatMap((each) => {
    const words = [...before, each.name()];
    return each.commands.length > 0 ? commandsOf(each, words) : [words.join(' ')];
  });
}
