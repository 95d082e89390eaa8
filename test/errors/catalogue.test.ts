import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { sampleFailures } from '../../scripts/errors-page.ts';
import { errorCatalogue } from '../../src/errors/catalogue.ts';
import { complaintCodes } from '../../src/errors/complaints.ts';
import { AppError, type ErrorCode, invalidFields } from '../../src/errors.ts';

const root = new URL('../../', import.meta.url);
const sources = globSync('src/**/*.ts', { cwd: root }).map((path) => ({
  path: path.replace(/^src\//, ''),
  text: readFileSync(new URL(path, root), 'utf8'),
}));
const codes = Object.keys(errorCatalogue) as ErrorCode[];

interface Throw {
  readonly path: string;
  readonly code: ErrorCode;
  /** All that stands between the brackets. */
  readonly words: string;
}

const throws: readonly Throw[] = sources.flatMap(({ path, text }) =>
  text
    .split('new AppError(')
    .slice(1)
    // What was stored is thrown again with the code that it was stored with.
    .filter((rest) => !(path === 'errors.ts' && rest.startsWith('...')))
    .map((rest) => {
      const words = inBrackets(rest);
      const code = codes.find((each) => words.trimStart().startsWith(`'${each}'`));
      assert.ok(code !== undefined, `${path} throws no code that a reader can see: ${words}`);
      return { path, code, words };
    }),
);

function inBrackets(text: string): string {
  let depth = 1;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0) return text.slice(0, index);
  }
  return text;
}

describe('the catalogue of errors', () => {
  test('the guards find errors that are thrown', () => assert.ok(throws.length > 60));

  for (const code of codes) {
    test(`${code} is thrown somewhere`, () => assert.ok(throws.some((each) => each.code === code)));
  }

  test('every failure of a code that covers several is thrown somewhere', () => {
    const elsewhere = sources.filter(({ path }) => !path.startsWith('errors/')).map(({ text }) => text);
    const nowhere = sampleFailures.filter(({ name }) => !elsewhere.some((text) => text.includes(`'${name}'`)));
    assert.deepEqual(
      nowhere.map(({ code, name }) => `${code} ${name}`),
      [],
    );
  });

  test('has a sentence for every failure of a code that covers several', () => {
    // One ends with names of columns, for people to copy.
    const sentence = /^(?:[A-Z"/]|alice@|backup\.sqlite |format |size ).*(?:[.?]| like \S+)$/;
    for (const { code, name, sentence: text } of sampleFailures) {
      assert.match(text, sentence, `${code} ${name}`);
      assert.doesNotMatch(text, /undefined|null|NaN|\[object/, `${code} ${name}`);
    }
  });

  test('has the sentences, and errors are thrown with facts only', () => {
    for (const { path, code, words } of throws) {
      if (errorCatalogue[code].kind === 'usage') continue;
      const texts = words.match(/'[^'\n]*'|"[^"\n]*"|`[^`]*`/g) ?? [];
      assert.deepEqual(
        texts.filter((each) => each.includes(' ')),
        [],
        path,
      );
    }
  });

  test('has the sentences, and functions that make errors get facts only', () => {
    for (const { path, text } of sources) {
      assert.doesNotMatch(text, /\b\w+NotFound\(['"`][^'"`\n]* /, path);
    }
  });

  test('domain folders throw no error without a code', () => {
    const domain =
      /^(?:administration|provisioning|documents|devices|tokens|contacts|access|accounts|spaces|events|cluster)\//;
    for (const { path, text } of sources.filter((source) => domain.test(source.path))) {
      assert.doesNotMatch(text, /new (?!AppError\b)\w*Error\(|\bthrow ['"`{]/, path);
    }
  });

  test('only cli/, config/, hooks/ and lpconfig/ throw codes whose facts are sentences', () => {
    for (const { path, code } of throws.filter((each) => errorCatalogue[each.code].kind === 'usage')) {
      assert.match(path, /^(?:cli|config|hooks|lpconfig)\//, code);
    }
  });
});

describe('the catalogue of complaints about fields', () => {
  const elsewhere = sources.filter(({ path }) => !path.startsWith('errors/'));

  for (const code of complaintCodes) {
    test(`${code} is used somewhere`, () =>
      assert.ok(elsewhere.some(({ text }) => new RegExp(`code: '${code}'`).test(text))));
  }

  test('has every sentence, except those about files that operators write', () => {
    const explains = /^(?:cli|config|hooks|lpconfig)\//;
    // A page may quote an answer of the API, and `is not` is an operator of SQL.
    const quotes = /^panel\/|-store\.ts$|^storage\/migrations\//;
    const sentence = /(['"`])(?:is|are|has|must|may|can|cannot|needs?|takes) [^'"`\n]*\1/;
    for (const { path, text } of elsewhere) {
      if (explains.test(path) || quotes.test(path)) continue;
      assert.equal(sentence.exec(text)?.[0], undefined, path);
    }
  });
});

describe('an error', () => {
  test('has the kind and the sentence of its code, and keeps its facts and its cause', () => {
    const cause = new Error('why');
    const error = new AppError('space-full', { domain: 'sip.example.test', maxAccounts: 2 }, { cause });
    assert.equal(error.kind, 'forbidden');
    assert.equal(
      error.message,
      'The space "sip.example.test" has reached its limit of 2 accounts: raise max_accounts or delete one.',
    );
    assert.equal(error.cause, cause);
    assert.deepEqual(error.factsOf('space-full'), { domain: 'sip.example.test', maxAccounts: 2 });
    assert.equal(error.factsOf('conflict'), undefined);
    assert.equal(error.fields, undefined);
  });

  test('names all fields that it is about, and has the first one in its sentence', () => {
    const error = invalidFields({
      username: [{ code: 'required' }],
      phone: [{ code: 'wrong-password' }, { code: 'too-long', max: 60 }],
    });
    assert.equal(error.message, 'username is required.');
    assert.deepEqual(error.fields, {
      username: ['is required'],
      phone: ['is wrong', 'must not have more than 60 characters'],
    });
    const taken = new AppError('account-exists', { field: 'email', value: 'a@b.test' });
    assert.equal(taken.message, 'email "a@b.test" is already taken in this domain.');
    assert.deepEqual(taken.fields, { email: ['"a@b.test" is already taken in this domain'] });
  });

  test('quotes what was asked for in a readable form', () => {
    const sentences = [
      new AppError('not-found', { what: 'account', name: 'al\nice' }).message,
      new AppError('not-found', { what: 'space', name: 'x', closest: 'y' }).message,
      new AppError('media-type-unsupported', { type: 'text/plain', wanted: 'application/json' }).message,
      new AppError('media-type-unsupported', { type: '', wanted: 'application/x-www-form-urlencoded' }).message,
    ];
    assert.deepEqual(sentences, [
      'There is no account "al␊ice".',
      'There is no space "x": did you mean y?',
      'Send the body as application/json, not "text/plain".',
      'Send the body as application/x-www-form-urlencoded.',
    ]);
  });
});
