import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
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

function withoutComments(text: string): string {
  // Texts and regular expressions are kept first, because they may contain what looks like a comment: 'ui/*'.
  const kept = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/(?![*/\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//.source;
  const parts = new RegExp(`(${kept})|/\\*[\\s\\S]*?\\*/|(?<=^|\\s)//.*$`, 'gm');
  return text.replace(parts, (_all, part: string | undefined) => part ?? '');
}

const sources: readonly Source[] = globSync('src/**/*.ts', { cwd: root })
  .filter((path) => !path.endsWith('.d.ts'))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const code = withoutComments(text);
    const imports = [...code.matchAll(/(?:(?<!')\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);
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

const faces = ['cli', 'phones', 'api', 'panel'];

/** What Node.js leaves out to run the code: types, and the `!` of non-null assertions. */
function leftOutOf(code: string): string {
  const run = stripTypeScriptTypes(code);
  assert.equal(run.length, code.length);
  return code.replace(/\S/g, (character, at: number) => (run[at] === character ? ' ' : character));
}

function lines({ text }: Source): number {
  return text.split('\n').length - 1;
}

/** Fails with all offenders at once, so that nobody mends one to learn of the next. */
function assertNone(offenders: readonly string[]): void {
  assert.deepEqual(offenders, []);
}

/** Names the files whose code has something, and what it is. */
function having(files: readonly Source[], pattern: RegExp, read = ({ code }: Source) => code): string[] {
  return files.flatMap((source) => {
    const found = pattern.exec(read(source));
    return found === null ? [] : [`${source.path}: ${found[0].trim()}`];
  });
}

/** Names the imports of ours that a rule does not allow. */
function importing(files: readonly Source[], isWrong: (imported: string, source: Source) => boolean): string[] {
  return files.flatMap((source) =>
    ownImports(source)
      .filter((imported) => isWrong(imported, source))
      .map((imported) => `${source.path} imports ${imported}`),
  );
}

/** The same for packages. */
function loading(files: readonly Source[], isWrong: (name: string) => boolean): string[] {
  return files.flatMap(({ path, imports }) => imports.filter(isWrong).map((name) => `${path} imports ${name}`));
}

function inPlaces(...places: readonly string[]): Source[] {
  return sources.filter(({ path }) => places.includes(place(path)));
}

function notInPlaces(...places: readonly string[]): Source[] {
  return sources.filter(({ path }) => !places.includes(place(path)));
}

/**
 * The exported functions that change something: those that take an `Actor` or open a transaction, and those that take a
 * `Caller` and call one of these.
 */
function changingFunctions(): string[] {
  const functions = notInPlaces(...faces, 'http', 'events', 'storage').flatMap(({ code }) =>
    code.split(/^\}/m).flatMap((text) => {
      const [, name, parameters = ''] =
        /^export (?:async )?function (\w+)(?:<[^(]*>)?\(((?:[^()]|\(\))*)/m.exec(text) ?? [];
      return name === undefined ? [] : [{ name, parameters, text }];
    }),
  );
  const opening = /(?<![.\w])(?:change|changeSpaces|inTransaction)(?:<[^(]*>)?\(/;
  const changing = functions.filter(
    ({ parameters, text }) => /\bactor: Actor\b/.test(parameters) || opening.test(text),
  );
  const calls = callsOf(changing.map(({ name }) => name));
  const forCallers = functions.filter(
    (each) => !changing.includes(each) && /: Caller\b/.test(each.parameters) && each.text.search(calls) !== -1,
  );
  return [...changing, ...forCallers].map(({ name }) => name);
}

function callsOf(names: readonly string[]): RegExp {
  return new RegExp(`(?<![.\\w])(?:${names.join('|')})\\(`, 'g');
}

/**
 * Returns the code between two changes that a function makes one after the other. What it calls in turn is not followed,
 * apart from its own `const x = (…) => change(…)`. Of two changes in branches, only one happens.
 */
function changesInARow(code: string, changing: readonly string[]): string[] {
  const branches = /\b(?:return|else|case|default)\b|\s[?:]\s/;
  // What may end the function between two changes does not make them branches.
  const exits = /(?:\bif \(|^).*\) return\b[^;]*;/g;
  const arrows = new RegExp(
    `\\bconst (\\w+) = (?:async )?\\([^()]*\\) =>\\s*(?:await )?(?:${changing.join('|')})\\(`,
    'g',
  );
  return code.split(/^\}/m).flatMap((part) => {
    const own = [...part.matchAll(arrows)].flatMap(([, name = '']) => name);
    const body = part.replace(arrows, '');
    const at = [...body.matchAll(callsOf([...changing, ...own]))].map(({ index }) => index);
    const between = at.slice(1).map((end, index) => body.slice(at[index], end));
    return between.filter((text) => !branches.test(text.replace(exits, '')));
  });
}

describe('the architecture', () => {
  test('the guards find source files', () => assert.ok(sources.length > 100));

  test('every import points down', () => {
    assertNone(
      importing(sources, (imported, { path }) => {
        return floorOf(imported) <= floorOf(path) && place(imported) !== place(path);
      }),
    );
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

  test('the manual draws every folder of src/ and every file beside them', () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const tree = /```text\nsrc\/\n(.*?)```/s.exec(page)?.[1] ?? '';
    let folder = '';
    const drawn = [...tree.matchAll(/^(│ +)?[├└]─ (\S+)/gm)].map(([, isInside, name = '']) => {
      if (isInside === undefined) folder = name;
      return isInside === undefined ? name : `${folder}${name}`;
    });
    const found = globSync(['*', '*/*/'], { cwd: join(root, 'src'), withFileTypes: true }).map((entry) => {
      const path = relative(join(root, 'src'), join(entry.parentPath, entry.name));
      return entry.isDirectory() ? `${path}/` : path;
    });
    assert.deepEqual(drawn.toSorted(), found.toSorted());
  });

  test('the folders of the tests mirror those of src/', () => {
    const own = ['docs', 'scripts', 'support', 'end-to-end'];
    const folders = new Set(sources.map(({ path }) => dirname(path).split('/')[0]));
    const guards =
      /^(?:architecture|both-databases|launcher|linear-expressions|loaded-packages|recorded-changes|redemption-files)$/;
    const inFolders = globSync('test/*/**/*.test.ts', { cwd: root }).filter((path) => {
      const folder = path.split('/')[1] ?? '';
      return !own.includes(folder) && !folders.has(folder);
    });
    const atTop = globSync('test/*.test.ts', { cwd: root }).filter((path) => {
      const name = path.replace(/^test\/|\.test\.ts$/g, '');
      return !guards.test(name) && !sources.some((source) => source.path === `${name}.ts`);
    });
    assertNone([...inFolders, ...atTop]);
  });

  test('faces and their plumbing reach the database through use cases alone', () => {
    const facesAndPlumbing = inPlaces(...faces, 'http', 'server');
    assertNone([
      ...importing(facesAndPlumbing, (imported) => /^storage\/|-store\.ts$/.test(imported)),
      ...having(facesAndPlumbing, /\bapp\.database\b|\bdatabase[^{}]*\} = app\b/),
    ]);
  });

  test('faces and their plumbing record no events: use cases do', () => {
    const recording =
      /\bevents\??\.(?:record|keep)\b|\b(?:recordEvent|eventStep|tokenEvent|deviceEvent|recordRefusal)\b/;
    assertNone(having(inPlaces(...faces, 'http', 'server'), recording));
  });

  test('no function of a face makes two changes one after the other: a use case makes both in one transaction', () => {
    const changing = changingFunctions();
    assert.ok(changing.length > 60);
    for (const name of ['updateAccount', 'setUpMail', 'endSession', 'updateSpaceFor']) {
      assert.ok(changing.includes(name), name);
    }
    assertNone(
      inPlaces(...faces).flatMap(({ path, code }) => changesInARow(code, changing).map((text) => `${path}: ${text}`)),
    );
  });

  test('the guard of that sees changes behind a condition and in a function of the function', () => {
    const inARow = (body: string) => changesInARow(`function page() {\n${body}\n}`, ['first', 'second']).length;
    assert.equal(inARow('  await first(app);\n  await second(app);'), 1);
    assert.equal(inARow('  await first(app, { x: 1 });\n  await second(app);'), 1);
    assert.equal(inARow('  if (await first(app)) return;\n  await second(app);'), 1);
    assert.equal(inARow('  await first(app);\n  if (refusal === undefined) return 1;\n  await second(app);'), 1);
    assert.equal(inARow('  const make = (by: By) =>\n    first(app, by);\n  await make(1);\n  await make(2);'), 1);
    assert.equal(inARow('  const make = (by: By) => first(app, by);\n  await make(1);'), 0);
    assert.equal(inARow('  if (sent.other) return first(app);\n  return second(app);'), 0);
    assert.equal(inARow('  await (isOther ? first(app) : second(app));'), 0);
    assert.equal(inARow('  if (isOther) {\n    await first(app);\n    return 1;\n  }\n  await second(app);'), 0);
  });

  test('faces over HTTP catch nothing: pages learn by tryChange why a change was refused', () => {
    const others = except('panel/parts/refusal.ts').filter(({ path }) =>
      ['phones', 'api', 'panel'].includes(place(path)),
    );
    assertNone(having(others, /\bcatch\b/));
  });

  test('faces decide about no change whether it needs the password again: use cases ask', () => {
    assertNone(having(inPlaces(...faces, 'http'), /\b(?:askAbout\w+|requireConfirmed)\b/));
  });

  test('faces make no actors of accounts: actorOf and selfOf keep what the session of a caller says', () => {
    assertNone(having(inPlaces(...faces, 'http'), /\boneself\b/));
  });

  test('only the commands serve and demo load the server', () => {
    const importersOf = (path: string) =>
      sources.filter((source) => ownImports(source).includes(path)).map((source) => source.path);
    assert.deepEqual(importersOf('server.ts'), ['cli/serving.ts']);
    assert.deepEqual(importersOf('cli/serving.ts').toSorted(), ['cli/work/demo.ts', 'cli/work/serve.ts']);
  });

  test("the client's address comes from `sender`, because Fastify's own believes no proxy", () => {
    assertNone(having(sources, /\brequest\.ips?\b/));
  });

  test('functions of stores take the database or a transaction first, unless they only return steps', () => {
    const stores = sources.filter(({ path }) => path.endsWith('-store.ts'));
    const functions = /^export (?:async )?function\*? (\w+)(?:<[^(]*>)?\(\s*([^,)]*)/gm;
    const wrong = stores.flatMap(({ path, code }) =>
      [...code.matchAll(functions)]
        .filter(([, name = '', first = '']) => !/Steps?$/.test(name) && !/^(?:db: Db|tx: Transaction)$/.test(first))
        .map(([, name]) => `${path}: ${name}`),
    );
    const arrows = /^export const \w+(?:: [^=]+)? = (?:async )?(?:\(|\w+ =>)/m;
    assertNone([...wrong, ...having(stores, arrows)]);
  });

  for (const [folder, allowed] of [
    ['lib', ['lib']],
    ['sip', ['sip', 'lib']],
    ['lpconfig', ['lpconfig', 'lib']],
  ] as const) {
    test(`${folder}/ imports only ${[...allowed, 'errors.ts'].join(', ')}`, () => {
      const known: readonly string[] = [...allowed, 'errors'];
      assertNone(importing(inPlaces(folder), (imported) => !known.includes(place(imported))));
    });
  }

  test('lpconfig/ reads and writes nothing', () => {
    const files = inPlaces('lpconfig');
    assertNone([
      ...loading(files, (name) => !name.startsWith('.') && name !== 'node:buffer'),
      ...having(files, /\b(?:process|fetch|console|require)\b\s*[.(]/),
    ]);
  });

  test('errors.ts and errors/ import only each other', () => {
    const files = inPlaces('errors');
    assertNone([
      ...loading(files, (name) => !/^\.\/(?!\.)/.test(name)),
      ...importing(files, (imported) => place(imported) !== 'errors'),
    ]);
  });

  test('only stores and storage/ write queries', () => {
    const query =
      /\b(?:selectFrom|insertInto|replaceInto|mergeInto|updateTable|deleteFrom)\s*\(|\bsql\s*(?:<[^`]*>)?`|\bstatement</;
    assertNone(
      having(
        notInPlaces('storage').filter(({ path }) => !path.endsWith('-store.ts')),
        query,
      ),
    );
  });

  test('only storage/ begins transactions, because a transaction that a deadlock ends is repeated there', () => {
    assertNone(having(notInPlaces('storage'), /\.(?:transaction|startTransaction|controlledTransaction)\(/));
  });

  test('only storage/ loads the drivers and asks which database it has, and only its dialect.ts finds out', () => {
    const drivers = ['better-sqlite3', 'pg'];
    const ofOneDatabase = [
      'storage/dialect.ts',
      'storage/sqlite.ts',
      'storage/sqlite-driver.ts',
      'storage/sqlite-copy.ts',
      'storage/postgres.ts',
      'storage/postgres-driver.ts',
      'storage/postgres-pool.ts',
      // The lock on the data directory is one of the operating system's, held through SQLite.
      'storage/serve-lock.ts',
    ];
    assertNone([
      ...loading(except(...ofOneDatabase), (name) => drivers.includes(name)),
      ...having(notInPlaces('storage'), /\bdialectOf(?:Db)?\b|[!=]== '(?:sqlite|postgres)'/),
      ...having(except(...ofOneDatabase), /\b(?:Sqlite|Postgres)Adapter\b/),
    ]);
  });

  test('only config/load-config.ts reads the environment, and what a command sees of it comes through cli/io.ts', () => {
    const reading = /\bprocess\.env\b|\bprocess\[|\{[^{}]*\benv\b[^{}]*\} = process\b/;
    // What the launcher left there is taken away, unread.
    const read = ({ path, code }: Source) =>
      path === 'main.ts' ? code.replace(/^delete process\.env\.\w+;$/m, '') : code;
    assertNone([
      ...having(except('config/load-config.ts', 'cli/io.ts'), reading, read),
      ...loading(sources, (name) => name === 'node:process'),
    ]);
  });

  test('only faces and their plumbing know Fastify and status codes', () => {
    // 500 is also a number of milliseconds and of rows, and limits have any number.
    const status = /\bstatus(?:Code)?: ?\d|\bSTATUS_CODES\b|\bstatusCode\b|\b(?:30[1-8]|4[0-3]\d|50[1-5])\b/;
    const others = notInPlaces(...faces, 'http', 'server');
    assertNone([
      ...loading(others, (name) => /^(?:fastify|@fastify\/)/.test(name)),
      ...having(others, status, ({ code }) => code.replaceAll(/\bmax\w+ = [\d_]+/g, '')),
    ]);
  });

  test('only panel/ and mail/ write HTML', () => {
    const element =
      /<\/?(?:html|head|body|title|main|div|span|p|a|ul|li|h[1-6]|form|input|button|table|code|wbr)\b[^>]*>/;
    const others = notInPlaces('panel', 'mail');
    assertNone([
      ...loading(others, (name) => name === 'ghtml'),
      ...having(others, element, ({ code }) => code.replaceAll(/\.command\('[^']*'\)/g, '')),
    ]);
  });

  test('a part of the panel does not know the pages that it is on', () => {
    const parts = sources.filter(({ path }) => path.startsWith('panel/parts/'));
    assertNone(loading(parts, (name) => name.includes('/pages/')));
  });

  test('a form that edits stored values sends back which values it showed', () => {
    const oneFieldOnly = ['panel/pages/own-account.ts', 'panel/pages/space-domain.ts'];
    const editing = except(...oneFieldOnly).filter(
      ({ path, code }) =>
        path.startsWith('panel/pages/') &&
        /^import \{[^}]*\b(?!new)\w+Shape\b[^}]*\} from '[^']*\/(?:accounts|contacts|spaces)\//m.test(code),
    );
    assert.ok(editing.length > 5);
    const guarded = /\b(?:editedFields|shownShape|sentSettings)\b|\bname="base"/;
    assertNone(editing.filter(({ code }) => !guarded.test(code)).map(({ path }) => path));
  });

  test('a form names its actions, so that an unknown action is refused', () => {
    const lookUp = ['panel/pages/accounts.ts', 'panel/parts/import-form.ts'];
    assertNone(having(except(...lookUp), /\baction: (?:text|Type\.Optional\(Type\.String)/));
  });

  test('only main.ts, cli/ and the program that locates a mistake in a hook read the command line', () => {
    const others = except('main.ts', 'hooks/check-syntax.ts').filter(({ path }) => place(path) !== 'cli');
    assertNone(having(others, /\bargv\b|\bparseArgs\b|'commander'/));
  });

  test('only app.ts reads the time of day; everything else gets it as an argument', () => {
    // A line about a lost log is no line of the app's.
    const others = except('app.ts', 'lib/line-output.ts');
    assertNone(having(others, /\bDate\.now\b|\bnew Date\(\)|(?<!new )\bDate\(\)/));
  });

  test('only app.ts reads the monotonic clock, apart from what waits by itself: lib/, storage/ and the keyboard', () => {
    const others = except('app.ts', 'cli/io.ts').filter(({ path }) => !['lib', 'storage'].includes(place(path)));
    assertNone(having(others, /\bperformance\b|\bhrtime\b|\buptime\(/));
  });

  test('only cli/ and the logger print', () => {
    // The logger only keeps failures of both streams from ending the process.
    const others = except('lib/logger.ts').filter(({ path }) => !['cli', 'main'].includes(place(path)));
    assertNone(having(others, /\bconsole\.|\bprocess\.std(?:out|err)\b|\bwriteSync\(\s*[12]\b/));
  });

  test('no file has more than 300 lines, and half of the files have fewer than 75', () => {
    const sizes = sources.map(lines).sort((a, b) => a - b);
    assertNone(sources.filter((source) => lines(source) > 300).map((source) => `${source.path} has ${lines(source)}`));
    const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
    assert.ok(median < 75, `the median is ${median}`);
  });

  test('at most 10 % of the files have fewer than 20 lines, because a reader opens each of them', () => {
    // Migrations are frozen: none can join another.
    const own = sources.filter(({ path }) => !path.startsWith('storage/migrations/'));
    const short = own.filter((source) => lines(source) < 20).map(({ path }) => path);
    assert.ok(short.length <= own.length * 0.1, `${short.length} of ${sources.length}: ${short.join(', ')}`);
  });

  test('every export has a name', () => {
    assertNone(having(sources, /^\s*export default\b|\bas default\b/m));
  });

  test('files have names in kebab-case', () => {
    const kebab = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/;
    assertNone(sources.map(({ path }) => path).filter((path) => !kebab.test(path)));
  });

  test('no file has an any, a non-null assertion or an enum', () => {
    assertNone([
      ...having(sources, /\bany\b(?!\??:)|!/, ({ code }) => leftOutOf(code)),
      ...having(sources, /^\s*(?:export )?(?:declare )?(?:const )?enum \w/m),
    ]);
  });

  test('no line of a comment has more than 120 characters', () => {
    const long = sources.flatMap(({ path, text }) =>
      // Frozen.
      path.startsWith('storage/migrations/')
        ? []
        : [...text.matchAll(/^ *(?:\*|\/\*|\/\/).*/gm)]
            .map(([line]) => `${path}:${line}`)
            .filter((line) => line.length - path.length > 121),
    );
    assert.deepEqual(long, []);
  });

  test('no comment has the remains of an end', () => {
    assertNone(having(sources, /^ *\* \*? ?\/$/m, ({ text }) => text));
  });

  test('migrations import no other code of the project', () => {
    const migrations = sources.filter(({ path }) => path.startsWith('storage/migrations/'));
    assertNone(importing(migrations, () => true));
  });
});
