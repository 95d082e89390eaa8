import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { documentOf } from '../../src/lpconfig/document.ts';
import { applyOverwrite, checkSeededPattern, checkSeededPatterns } from '../../src/lpconfig/seeding.ts';
import { assertGrowsLinearly } from '../support/growth.ts';

const document = documentOf(
  { sip: { media_encryption: 'srtp', keepalive: '1' }, app: { theme: 'dark', 'theme/readonly': 'dark' } },
  { layer: 'space' },
);

/** `section/key` of the entries that are not to overwrite. */
function seededBy(policy: { overwriteAll: boolean; seeded: readonly string[] }): string[] {
  return [...applyOverwrite(document, policy)].flatMap(([section, entries]) =>
    [...entries].filter(([, entry]) => !entry.overwrite).map(([name]) => `${section}/${name}`),
  );
}

describe('the entries that overwrite', () => {
  const everything = ['sip/media_encryption', 'sip/keepalive', 'app/theme', 'app/theme/readonly'];
  const table: [string, { overwriteAll: boolean; seeded: string[] }, string[]][] = [
    ['all of them by default', { overwriteAll: true, seeded: [] }, []],
    ['none, if the space says so', { overwriteAll: false, seeded: [] }, everything],
    ['all but a seeded one', { overwriteAll: true, seeded: ['app/theme'] }, ['app/theme']],
    ['all but a seeded section', { overwriteAll: true, seeded: ['sip/*'] }, ['sip/media_encryption', 'sip/keepalive']],
    ['all but a key seeded in any section', { overwriteAll: true, seeded: ['*/theme'] }, ['app/theme']],
    [
      'all but one that the middle of a pattern matches',
      { overwriteAll: true, seeded: ['s*p/*dia*crypt*'] },
      ['sip/media_encryption'],
    ],
    [
      'all but those that one of several patterns matches',
      { overwriteAll: true, seeded: ['app/*', 'sip/keep*'] },
      ['sip/keepalive', 'app/theme', 'app/theme/readonly'],
    ],
    ['all but a key with /', { overwriteAll: true, seeded: ['app/theme/readonly'] }, ['app/theme/readonly']],
    ['all but keys that end with /…', { overwriteAll: true, seeded: ['*/*/readonly'] }, ['app/theme/readonly']],
    [
      'all, if the first * of a pattern would have to be a section and a /',
      { overwriteAll: true, seeded: ['*/readonly'] },
      [],
    ],
    ['none, if everything is seeded', { overwriteAll: true, seeded: ['*/*'] }, everything],
    ['all, if a pattern matches a part only', { overwriteAll: true, seeded: ['app/them', 'ap/theme', 'p/theme'] }, []],
    [
      'all, if begin and end of a pattern would have to overlap',
      { overwriteAll: true, seeded: ['sip/keepa*palive', 'app/th*eme*me'] },
      [],
    ],
    ['all, if a pattern differs in letter case', { overwriteAll: true, seeded: ['App/theme'] }, []],
    ['all, if a . of a pattern would have to mean any character', { overwriteAll: true, seeded: ['app/t.eme'] }, []],
  ];
  for (const [title, policy, expected] of table)
    test(`are ${title}`, () => assert.deepEqual(seededBy(policy), expected));

  test('are found without changing values, origins or the document that is passed in', () => {
    const seeded = applyOverwrite(document, { overwriteAll: true, seeded: ['app/theme'] });
    assert.deepEqual(seeded.get('app')?.get('theme'), { value: 'dark', overwrite: false, origin: { layer: 'space' } });
    assert.equal(document.get('app')?.get('theme')?.overwrite, true);
  });

  test('agree with a regular expression for every pattern', () => {
    const piece = fc.stringMatching(/^[ab*]{1,6}$/);
    fc.assert(
      fc.property(
        piece,
        piece,
        fc.stringMatching(/^[ab]{1,6}$/),
        fc.stringMatching(/^[ab/]{1,6}$/),
        (s, k, section, key) => {
          const policy = { overwriteAll: true, seeded: [`${s}/${k}`] };
          const overwrite = applyOverwrite(documentOf({ [section]: { [key]: '' } }), policy)
            .get(section)
            ?.get(key)?.overwrite;
          const matches = (pattern: string, text: string) =>
            new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
          assert.equal(overwrite, !(matches(s, section) && matches(k, key)));
        },
      ),
    );
  });

  test('are found quickly, even with many stars in a pattern', () => {
    const hostile = { overwriteAll: true, seeded: [`s/${'*a'.repeat(49)}*b`] };
    const overwritten = applyOverwrite(documentOf({ s: { ['a'.repeat(100)]: '' } }), hostile);
    assert.equal(overwritten.get('s')?.get('a'.repeat(100))?.overwrite, true);
  });
});

describe('seeding a large document', () => {
  const entries = (count: number) =>
    documentOf({ s: Object.fromEntries(Array.from({ length: count }, (_, at) => [`key${at}`, ''])) });
  const patterns = (count: number, pattern: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => pattern(at));
  for (const [title, pattern] of [
    ['without *', (at: number) => `s/other${at}`],
    ['of other sections', (at: number) => `other${at}/*`],
  ] as const) {
    test(`takes time that grows with its entries, not with patterns ${title} for each of them`, () => {
      assertGrowsLinearly(
        (size) => ({ document: entries(size), policy: { overwriteAll: true, seeded: patterns(size, pattern) } }),
        ({ document, policy }) => applyOverwrite(document, policy),
        8_000,
      );
    });
  }
});

describe('a seeded pattern', () => {
  test('may contain * in at most 100 patterns of a space', () => {
    const withStar = Array.from({ length: 100 }, (_, at) => `*/${at}`);
    const others = Array.from({ length: 900 }, (_, at) => `a/${at}`);
    assert.equal(checkSeededPatterns([...withStar, ...others]), undefined);
    assert.deepEqual(checkSeededPatterns([...others, ...withStar, 'a/b*']), {
      code: 'too-many-star-patterns',
      max: 100,
    });
  });

  for (const pattern of ['app/theme', '*/*', 'sip/*', 'alerts::camera/fps_*', 'a.b/c-d', 'ui/a/readonly', 'ui/*/*']) {
    test(`may be ${pattern}`, () => assert.equal(checkSeededPattern(pattern), undefined));
  }
  for (const pattern of ['', '*', 'app', 'app/', '/theme', '/', 'a b/c', 'a/?', 'a/b\n', `a/${'x'.repeat(101)}`]) {
    test(`may not be ${JSON.stringify(pattern).slice(0, 20)}`, () => {
      assert.deepEqual(checkSeededPattern(pattern), { code: 'not-a-seeded-pattern' });
    });
  }
});
