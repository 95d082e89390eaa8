import assert from 'node:assert/strict';
import { relative, resolve } from 'node:path';
import { test } from 'node:test';
import { analyse } from 'scslre';
import { isNewExpression, isRegularExpressionLiteral, type Node } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

interface Expression {
  readonly file: string;
  /** As it stands in the source: `/a+/g`. */
  readonly literal: string;
}

const root = resolve(import.meta.dirname, '..');

/** Files that build expressions from texts of ours: how long each takes was judged by hand. */
const building: Readonly<Record<string, string>> = {
  'src/hooks/load-hooks.ts': 'the name of a hook, sought in the file of the operator',
  'src/lib/clean-text.ts': 'a lookbehind reads each run of spaces once',
  'src/lib/mailbox.ts': 'for at most 254 characters',
  'src/lib/read-csv.ts': 'a class and what is not in it, from one place',
  'src/lib/trim-blanks.ts': 'a lookbehind reads each run of spaces once',
  'src/lpconfig/lint-accounts.ts': 'anchored, and each class ends where the next begins; tests measure it',
  'src/lpconfig/lint-personal.ts': 'two literals of the same file',
  'src/phones/known-scanners.ts': 'names without repetition; tests measure it',
  'src/sip/read-response.ts': 'one line of a head from a SIP server of the operator',
};

const { literals, builders } = readExpressions();

test('every regular expression takes time that grows only with the length of its text', () => {
  assert.ok(literals.length > 300);
  assert.deepEqual(
    literals.filter(({ literal }) => isSlow(literal)),
    [],
  );
});

test('what builds a regular expression has been judged by hand', () => {
  assert.deepEqual(builders, Object.keys(building).sort());
});

test('an expression is found to be slow that tries each run of spaces from each of its characters', () => {
  for (const literal of [String.raw`/([;\t|\r\n]["\s]*)(?=[=+\-@'])/g`, '/\\s+$/', '/^(?:a+)+$/', '/^\\d+\\.?\\d*$/']) {
    assert.ok(isSlow(literal), literal);
  }
});

function isSlow(literal: string): boolean {
  const end = literal.lastIndexOf('/');
  return analyse({ source: literal.slice(1, end), flags: literal.slice(end + 1) }).reports.length > 0;
}

function readExpressions() {
  const api = new API({ cwd: root });
  try {
    const [project] = api.updateSnapshot({ openProject: resolve(root, 'tsconfig.json') }).getProjects();
    const literals: Expression[] = [];
    const builders = new Set<string>();
    for (const name of project?.program.getSourceFileNames() ?? []) {
      const file = relative(root, name).replaceAll('\\', '/');
      if (!file.startsWith('src/')) continue;
      const visit = (node: Node): void => {
        if (isRegularExpressionLiteral(node)) literals.push({ file, literal: node.text });
        if (isNewExpression(node) && node.expression.getText() === 'RegExp') builders.add(file);
        node.forEachChild(visit);
      };
      project?.program.getSourceFile(name)?.forEachChild(visit);
    }
    return { literals, builders: [...builders].sort() };
  } finally {
    api.close();
  }
}
