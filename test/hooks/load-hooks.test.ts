import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { loadHooks } from '../../src/hooks/load-hooks.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { patienceMs } from '../support/wait-until.ts';
import { provision } from './provision.ts';

function hooksFile(source: string, name = 'hooks.ts'): string {
  const file = join(tempDirectory(), name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source);
  return file;
}

const reasons = async (file: string, limitMs = patienceMs): Promise<string> => {
  const error = await loadHooks(file, { limitMs }).then(
    () => assert.fail('the file was accepted'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError, String(error));
  assert.equal(error.code, 'hooks-broken');
  return error.message;
};

describe('a hooks file', () => {
  test('can be TypeScript that imports the contract as a type only, in any folder', async () => {
    const file = hooksFile(
      `import type { Hooks } from 'ringup/hooks';
export default { proxy: (section) => section.set('reg_expires', '600') } satisfies Hooks;`,
    );
    assert.equal((await provision(await loadHooks(file))).proxy_0?.reg_expires, '600');
  });

  test('can be JavaScript, as an ES module or as CommonJS', async () => {
    const sources = ['export default { proxy() {} };', 'module.exports = { proxy() {} };'];
    for (const source of sources) {
      const hooks = await loadHooks(hooksFile(source, 'hooks.js'));
      assert.deepEqual([typeof hooks.proxy, typeof hooks.document], ['function', 'undefined']);
    }
  });

  test('can have a path with spaces and characters that mean something in a URL', async () => {
    const hooks = await loadHooks(hooksFile('export default { auth() {} };', 'a b#c?d%41/hooks é.ts'));
    assert.equal(typeof hooks.auth, 'function');
  });

  test('can import other files', async () => {
    const file = hooksFile(`import { seconds } from './more.ts';
export default { proxy: (section) => section.set('reg_expires', String(seconds)) };`);
    writeFileSync(join(dirname(file), 'more.ts'), 'export const seconds: number = 90;');
    assert.equal((await provision(await loadHooks(file))).proxy_0?.reg_expires, '90');
  });

  test('can export one object, whose functions call each other through this', async () => {
    const file = hooksFile(
      `export default new (class {
  #seconds = '70';
  proxy(section) { section.set('reg_expires', this.#seconds); }
})();`,
      'hooks.js',
    );
    assert.equal((await provision(await loadHooks(file))).proxy_0?.reg_expires, '70');
  });

  test('is loaded again after it has changed', async () => {
    const file = hooksFile('export default { proxy() {} };');
    assert.deepEqual(Object.keys(await loadHooks(file)), ['proxy']);
    writeFileSync(file, 'export default {\n  prox() {} };');
    assert.match(await reasons(file), /hooks\.ts:2:3: there is no hook "prox"/);
    writeFileSync(file, 'export default { auth() {} };');
    assert.deepEqual(Object.keys(await loadHooks(file)), ['auth']);
  });

  test('can have none of the three hooks, and then changes nothing', async () => {
    assert.deepEqual(await loadHooks(hooksFile('export default {};')), {});
  });
});

describe('a mistake in a hooks file', () => {
  const cases: Record<string, { source: string; name?: string; at: string; told: RegExp }> = {
    'a syntax error in TypeScript': {
      source: 'export default {\n  proxy(): void {\n    const a: string = ;\n  },\n};\n',
      at: '3:23',
      told: /^Expression expected/,
    },
    'a syntax error in JavaScript': {
      source: 'export default {\n  proxy() {\n    const a = ;\n  },\n};\n',
      name: 'hooks.js',
      at: '3:15',
      told: /^Unexpected token ';'; expected JavaScript/,
    },
    'types in JavaScript': {
      source: 'export default {\n  proxy(section: unknown) {},\n};\n',
      name: 'hooks.js',
      at: '2:16',
      told: /a TypeScript file must end in \.ts/,
    },
    'a name declared twice': {
      source:
        'import type { Hooks } from "ringup/hooks";\nconst a: number = 1;\nconst a = 2;\nexport default {} satisfies Hooks;\n',
      at: '3:7',
      told: /^Identifier 'a' has already been declared/,
    },
    'an enum': {
      source: 'export default {};\nenum A { B }\n',
      at: '2:1',
      told: /enum .*; expected TypeScript that runs after/,
    },
    'a parameter property': {
      source: 'class A {\n  constructor(private a: string) {}\n}\nexport default {};\n',
      at: '2:23',
      told: /parameter property .*; expected TypeScript that runs after/,
    },
    'a file that is not there': {
      source: "import {\n  a,\n} from './nowhere.ts';\nexport default { a };\n",
      at: '3:8',
      told: /^Cannot find module .*nowhere\.ts.*; expected an installed package or a file with its extension/,
    },
    'a package that is not there': {
      source: "import a from '@nobody/nothing/at-all';\nexport default { a };\n",
      at: '1:15',
      told: /^Cannot find package '@nobody\/nothing'/,
    },
    'the contract imported as a value': {
      source: "\nimport { Hooks } from 'ringup/hooks';\nexport default {} satisfies Hooks;\n",
      at: '2:23',
      told: /^Cannot find package 'ringup'.*"import type" for types/,
    },
    'a name that a module does not export': {
      source:
        "import { join } from 'node:path';\nimport { nothing } from 'node:fs';\nexport default { join, nothing };\n",
      at: '2:10',
      told: /does not provide an export named 'nothing'/,
    },
    'an error while it is loaded': {
      source:
        "const name: string | undefined = process.env.NO_SUCH_VARIABLE;\nif (name === undefined)\n  throw new Error('NO_SUCH_VARIABLE is not set');\nexport default {};\n",
      at: '3:9',
      told: /^NO_SUCH_VARIABLE is not set; expected a file that loads without errors/,
    },
    'no default export': {
      source: '// hooks\nexport function proxy() {}\n',
      at: '2:1',
      told: /^there is no default export \(proxy must be inside it, not separate exports\); expected `export default \{ … \} satisfies Hooks`/,
    },
    'no export at all': { source: 'const a = 1;\nvoid a;\n', at: '1:1', told: /; expected `export default/ },
    'a function as the default export': {
      source: '\nexport default async function hooks() {}\n',
      at: '2:1',
      told: /^the default export is of type function; expected/,
    },
    'an array as the default export': { source: 'export default [];\n', at: '1:1', told: /is an array; expected/ },
    'nothing as the default export': { source: 'export default null;\n', at: '1:1', told: /is null; expected/ },
    'a hook in the plural': {
      source: 'const documents = 1;\nexport default {\n  documents() {},\n};\n',
      at: '3:3',
      told: /^there is no hook "documents", did you mean document\?; expected .* proxy, auth and document/,
    },
    'a hook in other letters': { source: 'export default { Proxy() {} };\n', at: '1:18', told: /did you mean proxy\?/ },
    'a hook that nothing is like': {
      source: "export default {\n  proxy() {},\n  'on start'() {},\n};\n",
      at: '3:4',
      told: /^there is no hook "on start"; expected/,
    },
    'a hook that is no function': {
      source: "export default {\n  auth() {},\n  proxy: { reg_expires: '600' },\n};\n",
      at: '3:3',
      told: /^proxy is of type object; expected a function/,
    },
  };
  for (const [title, { source, name = 'hooks.ts', at, told }] of Object.entries(cases)) {
    test(`is reported with file, line, column and what was expected: ${title}`, async () => {
      const file = hooksFile(source, name);
      const message = await reasons(file);
      assert.equal(message.slice(0, file.length + at.length + 3), `${file}:${at}: `);
      assert.match(message.slice(file.length + at.length + 3), told);
    });
  }

  test('is reported with the name of the imported file if it is there', async () => {
    for (const [source, at] of [
      ['export const a = ;\n', '1:18'],
      ["\nthrow new Error('no');\n", '2:7'],
    ]) {
      const file = hooksFile("import './more.js';\nexport default {};\n");
      writeFileSync(join(dirname(file), 'more.js'), source ?? '');
      assert.ok((await reasons(file)).startsWith(`${join(dirname(file), 'more.js')}:${at}: `));
    }
  });

  test('is also reported if the file is missing, is a folder or of another kind, or never finishes loading', async () => {
    const directory = tempDirectory();
    mkdirSync(join(directory, 'folder.ts'));
    assert.match(
      await reasons(join(directory, 'hooks.ts')),
      /hooks\.ts: cannot be read \(there is no such file\); expected a file with/,
    );
    assert.match(await reasons(join(directory, 'folder.ts')), /folder\.ts: cannot be read \(it is a folder\)/);
    assert.match(
      await reasons(hooksFile('{}', 'hooks.json')),
      /hooks\.json: expected a name that ends in \.ts or \.js/,
    );
    const endless = hooksFile('await new Promise(() => {});');
    assert.match(await reasons(endless, 200), /hooks\.ts: still loading after 0\.2 s/);
    assert.match(await reasons(hooksFile("throw 'words';")), /hooks\.ts: words; expected a file that loads/);
  });
});
