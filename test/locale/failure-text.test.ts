import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { errorCatalogue } from '../../src/errors/catalogue.ts';
import { type Complaint, type ComplaintCode, complaintCatalogue, complaintCodes } from '../../src/errors/complaints.ts';
import { AppError, type ErrorCode, invalidFields } from '../../src/errors.ts';
import { complaintText, mistakesIn, refusalText } from '../../src/locale/failure-text.ts';
import { languages, translator } from '../../src/locale/translate.ts';

/** A complaint with the facts of its example in the manual. */
function exampleOf(code: ComplaintCode): Complaint {
  const entry = complaintCatalogue[code];
  return { code, ...(typeof entry === 'string' ? {} : entry.example) } as Complaint;
}

/** Facts of every kind, for the codes whose texts take some. */
const anyFacts = {
  name: 'bob',
  value: 'bob',
  username: 'bob',
  domain: 'sip.example.test',
  realm: 'sip.example.test',
  path: '/tmp/file',
  max: 5,
  line: 3,
  maxCells: 1000,
  maxAccounts: 5,
  retryAfterSeconds: 30,
  hook: 'document',
  request: 'req-1',
  column: 'Name',
  found: ['a', 'b'],
  expected: 'username;name',
  accounts: ['bob'],
  more: true,
  command: 'pg_dump',
  account: 'bob@sip.example.test',
  list: 'Sales',
  side: 'member',
  refused: 1,
  rows: 3,
  id: 7,
  written: 2,
};

const french = JSON.parse(readFileSync(new URL('../../src/locale/fr.json', import.meta.url), 'utf8'));
const refusalKeys = Object.keys(french).filter((key) => key.startsWith('refusal.'));

function failureOf(key: string) {
  const [, code = '', variant] = key.split('.');
  return { code, facts: { ...anyFacts, why: variant, what: variant } };
}

/** Begins with a capital or what it quotes; ends as a sentence, or with what one types. */
const sentence = /^(?:[\p{Lu}«“]|bob|sip\.|\/tmp).*(?:[.?]|[-/]|: .*)$/u;

for (const language of languages) {
  const t = translator(language);
  describe(`a failure on a page (${language})`, () => {
    for (const code of complaintCodes) {
      test(`has a sentence for the complaint ${code}`, () => {
        const text = complaintText(t, exampleOf(code));
        assert.match(text, sentence);
        assert.doesNotMatch(text, /undefined|null|[^ ]none\b/);
      });
    }

    for (const key of refusalKeys) {
      test(`has a sentence for ${key}`, () => {
        const text = refusalText(t, failureOf(key));
        assert.match(text, sentence);
        assert.doesNotMatch(text, /undefined|null|[{}]/);
      });
    }
  });
}

describe('a failure on a page', () => {
  test('has French words for every code and every complaint', () => {
    const lacking = [
      ...complaintCodes.map((code) => `complaint.${code}`).filter((key) => !Object.hasOwn(french, key)),
      ...(Object.keys(errorCatalogue) as ErrorCode[]).filter(
        (code) => code !== 'fields-invalid' && !refusalKeys.some((key) => `${key}.`.startsWith(`refusal.${code}.`)),
      ),
    ];
    assert.deepEqual(lacking, []);
  });

  test('never shows the English sentence of an error', () => {
    const root = new URL('../../src/panel/', import.meta.url);
    for (const path of globSync('**/*.ts', { cwd: root })) {
      const text = readFileSync(new URL(path, root), 'utf8');
      assert.doesNotMatch(text, /\b(?:error|refusal|failure)\??\.message\b|complaintSentence|errorCatalogue/, path);
      assert.doesNotMatch(text, /\b(?:error|refusal)\??\.fields\b(?! [!=]==? undefined)/, path);
    }
  });

  test('names the mistaken fields in the words of the reader', () => {
    const error = invalidFields({
      sip_uri: [{ code: 'or-required', other: 'phone' }],
      turn_in_document: [{ code: 'needs', others: ['turn_server', 'turn_secret'] }],
      domain: [{ code: 'not-a-bare-domain', value: 'https://x' }],
    });
    assert.deepEqual(mistakesIn(translator('fr'), error), {
      sip_uri: ['Remplissez ce champ, ou numéro de téléphone.'],
      turn_in_document: ['Il faut aussi\u00a0: Serveur TURN, Secret TURN.'],
      domain: [translator('fr')('mistake.domain')],
    });
    assert.equal(refusalText(translator('fr'), error), 'Remplissez ce champ, ou numéro de téléphone.');
    const unticked = invalidFields({ account: [{ code: 'required' }], action: [{ code: 'required' }] });
    assert.deepEqual(mistakesIn(translator('en'), unticked), {
      account: ['Tick the accounts first.'],
      action: ['Choose what to do.'],
    });
  });

  test('stands at its field if a name is taken', () => {
    const error = new AppError('account-exists', { field: 'username', value: 'lukasz' });
    assert.deepEqual(mistakesIn(translator('fr'), error), {
      username: ['«\u00a0lukasz\u00a0» est déjà pris. Choisissez autre chose.'],
    });
    assert.equal(mistakesIn(translator('fr'), new AppError('last-administrator', {})), undefined);
  });

  test('is explained in the language of the reader for a row that could not be written, even after a restart', () => {
    const kept = {
      code: 'not-written',
      reason: 'English.',
      failure: { code: 'last-administrator', facts: {} },
    } as const;
    assert.equal(
      complaintText(translator('fr'), JSON.parse(JSON.stringify(kept))),
      'Ceci n’a pas pu être écrit. C’est le dernier administrateur. Nommez-en d’abord un autre.',
    );
    const { failure: _, ...earlier } = kept;
    assert.equal(complaintText(translator('fr'), earlier), 'Ceci n’a pas pu être écrit. English.');
  });

  test('shows invisible characters, and cuts long text', () => {
    const text = complaintText(translator('en'), { code: 'taken-by', username: `a\n${'b'.repeat(200)}` });
    assert.match(text, /“a␊b{78}…”/);
  });
});
