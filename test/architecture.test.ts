import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { floors } from './floors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
interface Source {
  /** From the folder `src`. */
  readonly path: string;
  readonly text: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly string[];
}

const sources: readonly Source[] = globSync('src/**/*.ts', { cwd: root })
  .filter((path) => !path.endsWith('.d.ts'))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const code = text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');
    const imports = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);
    return { path: path.replace(/^src\//, ''), text, code, imports };
  });

function place(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path.replace(/\.ts$/, '');
}

function floorOf(path: string): number {
  const floor = floors.findIndex((places) => places.includes(place(path)));
  assert.notEqual(floor, -1, `${path} has no place in the architecture`);
  return floor;
}

/** Of our own files, from the folder `src`. */
function ownImports({ path, imports }: Source): string[] {
  const relative = imports.filter((name) => name.startsWith('.')).map((name) => normalize(join(dirname(path), name)));
  return relative.filter((imported) => imported !== '../package.json');
}

function except(...paths: string[]): Source[] {
  for (const path of paths)
    assert.ok(
      sources.some((source) => source.path === path),
      `${path} is not there any more`,
    );
  return sources.filter((source) => !paths.includes(source.path));
}

function lines({ text }: Source): number {
  return text.split('\n').length - 1;
}

describe('the architecture', () => {
  test('the guards find source files', () => assert.ok(sources.length > 100));

  test('every import points down', () => {
    for (const source of sources) {
      for (const imported of ownImports(source)) {
        const down = floorOf(imported) > floorOf(source.path);
        assert.ok(down || place(imported) === place(source.path), `${source.path} imports ${imported}`);
      }
    }
  });

  test('no two files import each other, directly or indirectly', () => {
    const graph = new Map(sources.map((source) => [source.path, ownImports(source)]));
    const done = new Set<string>();
    const visit = (path: string, above: readonly string[]): void => {
      assert.ok(!above.includes(path), `a circle: ${[...above, path].join(' → ')}`);
      if (done.has(path)) return;
      for (const imported of graph.get(path) ?? []) visit(imported, [...above, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
  });

  test('the manual shows the same list of floors', () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const shown = /## Imports point down\n\n```text\n(.*?)```/s.exec(page)?.[1] ?? '';
    assert.deepEqual(
      shown.split('→').map((floor) => floor.split(',').map((name) => name.trim())),
      floors,
    );
  });

  test('the tests stand in folders of the same names', () => {
    const own = ['docs', 'scripts', 'support', 'end-to-end'];
    const folders = new Set(sources.map(({ path }) => dirname(path).split('/')[0]));
    for (const path of globSync('test/*/**/*.test.ts', { cwd: root })) {
      const folder = path.split('/')[1] ?? '';
      assert.ok(own.includes(folder) || folders.has(folder), `${path}: there is no src/${folder}`);
    }
    for (const path of globSync('test/*.test.ts', { cwd: root })) {
      const name = path.replace(/^test\/|\.test\.ts$/g, '');
      const isGuard = /^(?:architecture|loaded-packages|recorded-changes|redemption-files)$/.test(name);
      assert.ok(
        isGuard || sources.some((source) => source.path === `${name}.ts`),
        `${path}: there is no src/${name}.ts`,
      );
    }
  });

  test('faces and their plumbing reach the database through use cases alone', () => {
    const faces = ['cli', 'phones', 'api', 'panel', 'http'];
    for (const source of sources.filter(({ path }) => faces.includes(place(path)))) {
      for (const imported of ownImports(source)) {
        assert.ok(!/^storage\/|-store\.ts$/.test(imported), `${source.path} imports ${imported}`);
      }
    }
  });

  test('faces and their plumbing record no events: use cases do', () => {
    const recording =
      /\bevents\??\.(?:record|keep)\b|\b(?:recordEvent|eventStep|tokenEvent|deviceEvent|recordRefusal)\b/;
    const faces = sources.filter(({ path }) =>
      ['cli', 'phones', 'api', 'panel', 'http', 'server'].includes(place(path)),
    );
    for (const { path, code } of faces) assert.doesNotMatch(code, recording, path);
  });

  test('only the commands that serve import the server', () => {
    const importers = sources.filter((source) => ownImports(source).includes('server.ts')).map(({ path }) => path);
    assert.deepEqual(importers, ['cli/serving.ts']);
  });

  test("the client's address comes from `sender`, because Fastify's own believes no proxy", () => {
    for (const { path, code } of sources) assert.doesNotMatch(code, /\brequest\.ips?\b/, path);
  });

  test('stores take the database or a transaction first', () => {
    for (const { path, code } of sources.filter((source) => source.path.endsWith('-store.ts'))) {
      for (const [, name = '', first = ''] of code.matchAll(
        /^export (?:async )?function\*? (\w+)(?:<[^(]*>)?\(\s*([^,)]*)/gm,
      )) {
        if (name.endsWith('Step') || name.endsWith('Steps')) continue;
        assert.match(first, /^(?:db: Db|tx: Transaction)$/, `${path}: ${name}`);
      }
    }
  });

  for (const [folder, allowed] of [
    ['lib', ['lib']],
    ['sip', ['sip', 'lib']],
    ['lpconfig', ['lpconfig', 'lib']],
  ] as const) {
    test(`${folder}/ imports nothing of ours but ${[...allowed, 'errors.ts'].join(', ')}`, () => {
      for (const source of sources.filter(({ path }) => path.startsWith(`${folder}/`))) {
        for (const imported of ownImports(source)) {
          const known: readonly string[] = [...allowed, 'errors'];
          assert.ok(known.includes(place(imported)), `${source.path} imports ${imported}`);
        }
      }
    });
  }

  test('lpconfig/ reads and writes nothing', () => {
    for (const source of sources.filter(({ path }) => path.startsWith('lpconfig/'))) {
      for (const name of source.imports)
        assert.ok(name.startsWith('.') || name === 'node:buffer', `${source.path}: ${name}`);
    }
  });

  test('errors.ts and errors/ import nothing else', () => {
    for (const source of sources.filter(({ path }) => place(path) === 'errors')) {
      for (const imported of source.imports) assert.match(imported, /^\.\/(?!\.)/, source.path);
      for (const imported of ownImports(source)) assert.equal(place(imported), 'errors', source.path);
    }
  });

  test('only stores and storage/ write queries', () => {
    const query = /\b(?:selectFrom|insertInto|updateTable|deleteFrom)\s*\(|\bsql\s*(?:<[^`]*>)?`|\bstatement</;
    for (const { path, code } of sources) {
      if (path.startsWith('storage/') || path.endsWith('-store.ts')) continue;
      assert.doesNotMatch(code, query, path);
    }
  });

  test('only storage/ opens databases, and only its dialect.ts tells them apart', () => {
    for (const { path, imports } of sources.filter((source) => !source.path.startsWith('storage/'))) {
      for (const name of ['better-sqlite3', 'pg']) assert.ok(!imports.includes(name), `${path} imports ${name}`);
    }
    const ofOneDatabase = [
      'storage/dialect.ts',
      'storage/sqlite.ts',
      'storage/sqlite-driver.ts',
      'storage/postgres.ts',
    ];
    for (const { path, code, imports } of except(...ofOneDatabase)) {
      // The lock on the data directory is one of the operating system's, held through SQLite.
      if (path === 'storage/serve-lock.ts') continue;
      assert.ok(!imports.includes('better-sqlite3') && !imports.includes('pg'), path);
      assert.doesNotMatch(code, /\b(?:Sqlite|Postgres)Adapter\b/, path);
    }
  });

  test('only config/load-config.ts reads the environment, and what a command sees of it comes through cli/io.ts', () => {
    for (const { path, code } of except('config/load-config.ts', 'cli/io.ts')) {
      // What the launcher left there is taken away, unread.
      const reading = path === 'main.ts' ? code.replace(/^delete process\.env\.\w+;$/m, '') : code;
      assert.doesNotMatch(reading, /\bprocess\.env\b|\bprocess\[/, path);
    }
  });

  test('only faces know status codes, pages and Fastify', () => {
    for (const { path, imports } of sources) {
      if (['cli', 'server', 'phones', 'api', 'panel', 'http'].includes(place(path))) continue;
      assert.ok(!imports.some((name) => /^(fastify|@fastify\/)/.test(name)), path);
      assert.ok(!imports.includes('ghtml'), path);
    }
  });

  test('only app.ts reads the clock; everything else gets it as an argument', () => {
    // A line about a lost log is no line of the app's.
    for (const { path, code } of except('app.ts', 'lib/line-output.ts')) {
      assert.doesNotMatch(code, /\bDate\.now\b|\bnew Date\(\)|(?<!new )\bDate\(\)/, path);
    }
  });

  test('only cli/ prints', () => {
    for (const { path, code } of sources) {
      if (['cli', 'main'].includes(place(path)) || path === 'lib/logger.ts') continue;
      assert.doesNotMatch(code, /\bconsole\.|\bprocess\.std(?:out|err)\b/, path);
    }
  });

  test('no file has more than 300 lines, and half of them have less than 75', () => {
    const sizes = sources.map(lines).sort((a, b) => a - b);
    for (const source of sources) assert.ok(lines(source) <= 300, `${source.path} has ${lines(source)} lines`);
    const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
    assert.ok(median < 75, `the median is ${median}`);
  });

  test('at most 14 % of the files have less than 20 lines, because a reader opens each of them', () => {
    const short = sources.filter((source) => lines(source) < 20).map(({ path }) => path);
    assert.ok(short.length <= sources.length * 0.14, `${short.length} of ${sources.length}: ${short.join(', ')}`);
  });

  test('exports have names', () => {
    for (const { path, code } of sources) assert.doesNotMatch(code, /^\s*export default\b|\bas default\b/m, path);
  });

  test('files are called in kebab-case', () => {
    for (const { path } of sources) assert.match(path, /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/);
  });

  test('there is no any, no non-null assertion and no enum', () => {
    for (const { path, code } of sources) {
      assert.doesNotMatch(code, /:\s*any\b|<any>|\bas any\b|\bany\[\]/, path);
      assert.doesNotMatch(code, /^\s*(?:export )?(?:const )?enum \w/m, path);
    }
  });

  test('migrations import nothing of ours', () => {
    for (const source of sources.filter(({ path }) => path.startsWith('storage/migrations/'))) {
      assert.deepEqual(ownImports(source), [], source.path);
    }
  });
});
