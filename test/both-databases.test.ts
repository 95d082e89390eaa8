import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What opens a database, an app over one, or commands that may open one. */
const openers = ['openDatabase', 'openApp', 'openTestApp', 'openPanel', 'openTerminal', 'runCli', 'startServe'];

/** A statement at the left margin, with the comment that stands right above it. */
interface Statement {
  readonly text: string;
  readonly comment: string;
}

function statementsOf(source: string): Statement[] {
  const pieces = source.split(/^(?=[\w/'])/m);
  return pieces.flatMap((text, index) => {
    const before = pieces[index - 1] ?? '';
    return text.startsWith('/') ? [] : [{ text, comment: /^\/\/.*\n$/.test(before) ? before : '' }];
  });
}

/** The statements of a loop or of a block of tests are looked at one by one. */
function withinLoops(statement: Statement): Statement[] {
  if (!/^for \(/.test(statement.text) || statement.comment !== '') return [statement];
  return statementsOf(statement.text.replace(/^.*\n/, '').replaceAll(/^ {2}/gm, '')).flatMap(withinLoops);
}

const helper = /^(?:export )?(?:(?:async )?function (\w+)|const (\w+)\b(?!.* = await ))/;
const declared = /^(?:import|export|interface|type)\b/;

/** Returns the first lines of the statements that open a database but run on one alone, without saying why. */
function onOneDatabase(source: string): string[] {
  if (/^\/\/ One database: .*\n\n/m.test(source)) return [];
  const statements = statementsOf(source).filter(({ text }) => !declared.test(text) || helper.test(text));
  const known = [...openers];
  const opens = (text: string) => new RegExp(`\\b(?:${known.join('|')})\\(`).test(text.replace(helper, ''));
  for (const { text } of statements) {
    const [, named, arrow] = helper.exec(text) ?? [];
    const name = named ?? arrow;
    if (name !== undefined && opens(text)) known.push(name);
  }
  return statements
    .filter(({ text }) => !helper.test(text))
    .flatMap(withinLoops)
    .filter(
      ({ text }) => opens(text) && !/^forEach(?:Database|Terminal)\(/.test(text) && !/\bhasPostgres\(\)/.test(text),
    )
    .filter(({ comment }) => !comment.startsWith('// One database: '))
    .map(({ text }) => text.slice(0, text.indexOf('\n')));
}

describe('tests on both databases', () => {
  const block = "describe('commands', () => {\n  test('work', () => openTerminal());\n});\n";
  for (const [what, source, found] of [
    ['a block that opens a database', block, ["describe('commands', () => {"]],
    [
      'a block on one database beside another on both',
      `forEachDatabase('apps', () => {});\n\n${block}`,
      ["describe('commands', () => {"],
    ],
    ['a block that says why it runs on one database', `// One database: it is about words.\n${block}`, []],
    ['a file that says why it runs on one database', `// One database: it is about words.\n\n${block}`, []],
    [
      'a test that opens a database through a function of the file',
      `const ask = () => runCli([]);\ntest('asks', () => ask());\n`,
      ["test('asks', () => ask());"],
    ],
    [
      'a test on one database in a loop',
      `for (const one of all) {\n  test('asks', () => runCli());\n}\n`,
      ["test('asks', () => runCli());"],
    ],
    [
      'tests on both databases in a loop',
      `for (const one of all) {\n  forEachDatabase('asks', () => runCli());\n}\n`,
      [],
    ],
    ['a test that opens no database', "test('adds', () => {});\n", []],
  ] as const) {
    test(`this guard recognizes ${what}`, () => assert.deepEqual(onOneDatabase(source), found));
  }

  test('a test with an app, a database or commands runs on both databases, or says why it runs on one', () => {
    // What tests share, and tests of real processes, most of which are about something else.
    const apart = ['support', 'end-to-end'];
    const tests = globSync('test/**/*.test.ts', { cwd: root }).filter(
      (path) => !apart.includes(path.split('/')[1] ?? '') && path !== 'test/both-databases.test.ts',
    );
    assert.ok(tests.length > 100);
    const found = tests.flatMap((path) =>
      onOneDatabase(readFileSync(join(root, path), 'utf8')).map((line) => `${path}: ${line}`),
    );
    assert.deepEqual(found, []);
  });
});
