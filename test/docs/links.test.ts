import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { buildProgram } from '../../src/cli/cli.ts';
import { processIo } from '../../src/cli/io.ts';
import { settingsTable } from '../../src/config/settings.ts';
import { anchorsOf, pages, root } from './pages.ts';

/** Of Kamailio's configuration, not of Ringup's. */
const otherNames = ['RINGUP_DB_URL', 'RINGUP_TABLE', 'RINGUP_AUTHENTICATE', 'RINGUP_FILE'];
const settings = Object.values(settingsTable).flatMap(({ name }) => [name, `${name}_FILE`]);
const program = await buildProgram(processIo);
const sources = globSync('{src,test,bench,scripts,examples}/**/*.ts', { cwd: root }).map((path) => basename(path));

/**
 * No page may name a package registry, which readers may not reach, or contain a note of its writer about unfinished
 * work.
 */
const writersTraces = /\bregistry\.|\bnpmjs\b|\bTODO\b/;

describe('the documents', () => {
  test('the tests find pages', () => assert.ok(pages.length > 12));

  for (const page of pages) {
    test(`${page.path}: the target of every link exists`, () => {
      const links = [...page.prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
      for (const link of links.filter((target) => !/^https?:/.test(target))) {
        const [file = '', anchor] = link.split('#');
        const path = file === '' ? page.path : normalize(join(dirname(page.path), file));
        assert.ok(existsSync(new URL(path, root)), `${link}: there is no ${path}`);
        assert.doesNotMatch(path, /^\.\./, `${link} leads out of the repository`);
        if (anchor === undefined) continue;
        const target = pages.find((each) => each.path === path);
        assert.ok(target !== undefined && anchorsOf(target).has(anchor), `${link}: there is no such heading`);
      }
    });

    test(`${page.path}: every command, script, setting and source file that it names exists`, () => {
      for (const code of page.code) {
        for (const [, name = ''] of code.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)) {
          assert.ok(Object.hasOwn(packageJson.scripts, name), `there is no \`npm run ${name}\``);
        }
        for (const words of commandsIn(code)) assert.equal(complaintAbout(words), undefined, words.join(' '));
      }
      for (const [name] of page.text.matchAll(/\bRINGUP_[A-Z_]*[A-Z]/g)) {
        assert.ok(settings.includes(name) || otherNames.includes(name), `${name} is no setting`);
      }
      for (const [, name = ''] of page.prose.matchAll(/`(?:[\w-]+\/)*([a-z0-9-]+\.(?:test\.)?ts)`/g)) {
        assert.ok(sources.includes(name) || name === 'hooks.ts', `there is no ${name}`);
      }
    });

    test(`${page.path}: is only about the product`, () => {
      assert.doesNotMatch(page.text, writersTraces);
    });
  }

  test('every page of the manual can be reached from its start', () => {
    const index = pages.find(({ path }) => path === 'docs/README.md')?.text ?? '';
    for (const { path } of pages.filter((page) => /^docs\/\w/.test(page.path) && page.path !== 'docs/README.md')) {
      assert.ok(index.includes(`(${path.replace('docs/', '')})`), `docs/README.md does not lead to ${path}`);
    }
  });

  test('the recipes name only settings that exist, and no other location than their own', () => {
    for (const path of globSync('deploy/**/*', { cwd: root }).filter((each) => /\.\w+$|file$/.test(each))) {
      const text = readFileSync(fileURLToPath(new URL(path, root)), 'utf8');
      for (const [name] of text.matchAll(/\bRINGUP_[A-Z_]*[A-Z]/g)) {
        assert.ok(settings.includes(name) || otherNames.includes(name), `${path}: ${name} is no setting`);
      }
      assert.doesNotMatch(text, /\/work\//, path);
    }
  });
});

/** The calls of `ringup` in a piece of shell: each the words after it. */
function commandsIn(code: string): string[][] {
  return code
    .replaceAll('\\\n', ' ')
    .split(/\n|&&|\||\$\(/)
    .map((line) => line.replace(/#.*$/, '').trim())
    .map((line) => line.replace(/^(?:\w+=\S* )*(?:sudo (?:-u \S+ )?)?/, ''))
    .filter((line) => /^(?:\.\/)?ringup /.test(line))
    .map((line) => line.split(/\s+/).slice(1));
}

/** What is wrong with such a call: a word that is no command, an option that the command does not have. */
function complaintAbout(words: readonly string[]): string | undefined {
  let command: Command = program;
  for (const word of words.filter((each) => /^[a-z][a-z-]*$/.test(each))) {
    const next = command.commands.find((each) => each.name() === word);
    if (next !== undefined) command = next;
    else if (command.commands.length > 0) return `there is no command ${word}`;
  }
  const known = [...program.options, ...command.options].map(({ long }) => long);
  const unknown = words
    .filter((word) => word.startsWith('--') && /^--[a-z0-9-]+/.test(word))
    .map((word) => /^--[a-z0-9-]+/.exec(word)?.[0])
    .find((option) => option !== undefined && option !== '--help' && !known.includes(option));
  return unknown === undefined ? undefined : `there is no option ${unknown}`;
}
