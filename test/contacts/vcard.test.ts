import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type ContactCard, writeVcard, writeVcards } from '../../src/contacts/vcard.ts';
import { parseSipUri, sipUri } from '../../src/sip/sip-uri.ts';
import { parseVcards } from '../support/strict-vcard.ts';

const alice: ContactCard = {
  uid: 'account-2@sip.example.com',
  displayName: 'Alice',
  sipUri: 'sip:alice@sip.example.com',
  phone: null,
  organization: null,
  dtmfProtocol: null,
  types: [],
  actions: [],
};

const awkward = fc
  .array(
    fc.constantFrom(
      ',',
      ';',
      '\\',
      '\\,',
      '"',
      ':',
      '/',
      '?',
      '[',
      ']',
      '%41',
      ' ',
      'é',
      '😀',
      '\u2028',
      '\ufffe',
      'x'.repeat(40),
    ),
  )
  .map((parts) => parts.join(''));
const anyText = fc.oneof(awkward, fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ unit: 'binary' }));
const domain = fc.constantFrom('sip.example.com', '192.0.2.1', '[2001:db8::1]');
const uid = fc.oneof({ weight: 5, arbitrary: fc.uuid() }, anyText);
const anyCard = fc.record<ContactCard>({
  uid,
  displayName: fc.option(anyText),
  sipUri: fc.oneof(
    fc.tuple(anyText, domain).map(([username, domain]) => sipUri(username, domain)),
    anyText,
    fc.constant(null),
  ),
  phone: fc.option(fc.oneof(fc.stringMatching(/^\+[1-9][0-9]{1,14}$/), anyText)),
  organization: fc.option(anyText),
  dtmfProtocol: fc.option(fc.oneof(fc.constantFrom('sipinfo', 'sipmessage', 'rfc2833'), anyText)),
  types: fc.array(anyText, { maxLength: 2 }),
  actions: fc.array(fc.record({ key: anyText, code: anyText }), { maxLength: 2 }),
});

function read(card: ContactCard): ReturnType<typeof parseVcards>[number] {
  const [parsed, ...others] = parseVcards(Buffer.from(writeVcard(card) ?? assert.fail('left out')));
  assert.deepEqual(others, []);
  return parsed ?? assert.fail('empty');
}

/** What an accepted card must say, worked out anew. */
function expected(card: ContactCard): ReturnType<typeof read>['extensions'] {
  const types = card.types.map((type) => ['X-LINPHONE-ACCOUNT-TYPE', type] as const);
  const actions = card.actions.map(({ key, code }) => ['X-LINPHONE-ACCOUNT-ACTION', `${key};${code}`] as const);
  const dtmf = card.dtmfProtocol;
  return [...(dtmf === null ? [] : [['X-LINPHONE-ACCOUNT-DTMF-PROTOCOL', dtmf] as const]), ...types, ...actions];
}

describe('a contact as a vCard', () => {
  test('contains everything that Linphone reads, in lines that end in CR-LF', () => {
    const card = {
      ...alice,
      dtmfProtocol: 'sipinfo',
      types: ['phone', 'door'],
      actions: [
        { key: 'open', code: '*1#' },
        { key: 'light', code: ',,2' },
      ],
    };
    assert.equal(
      writeVcard(card),
      [
        'BEGIN:VCARD',
        'VERSION:4.0',
        'UID:account-2@sip.example.com',
        'FN:Alice',
        'IMPP:sip:alice@sip.example.com',
        'X-LINPHONE-ACCOUNT-DTMF-PROTOCOL:sipinfo',
        'X-LINPHONE-ACCOUNT-TYPE:phone',
        'X-LINPHONE-ACCOUNT-TYPE:door',
        'X-LINPHONE-ACCOUNT-ACTION:open;*1#',
        'X-LINPHONE-ACCOUNT-ACTION:light;,,2',
        'END:VCARD',
        '',
      ].join('\r\n'),
    );
  });

  for (const [displayName, line] of [
    ['Smith, Al', 'FN:Smith\\, Al'],
    ['a\\b', 'FN:a\\\\b'],
    ['a;b', 'FN:a;b'],
    ['"a": b', 'FN:"a": b'],
    ['é😀', 'FN:é😀'],
    ['', 'FN:alice@sip.example.com'],
    [' ', 'FN:alice@sip.example.com'],
    [null, 'FN:alice@sip.example.com'],
  ] as const) {
    test(`has the display name ${JSON.stringify(displayName)} as ${line}`, () => {
      assert.equal(writeVcard({ ...alice, displayName })?.split('\r\n')[3], line);
    });
  }

  test('shows a readable address if there is no name, and calls an escaped one', () => {
    const card = read({ ...alice, displayName: null, sipUri: sipUri('a#b/c?d', '[2001:db8::1]') });
    assert.equal(card.fullName, 'a#b/c?d@[2001:db8::1]');
    assert.equal(card.impp, 'sip:a%23b%2Fc%3Fd@[2001:db8::1]');
  });

  test('folds long lines at 75 octets, between characters', () => {
    const displayName = `${'😀'.repeat(30)} , ${'é'.repeat(100)}`;
    const lines = writeVcard({ ...alice, displayName })?.split('\r\n') ?? [];
    assert.equal(lines[3], `FN:${'😀'.repeat(18)}`);
    assert.equal(Buffer.byteLength(lines[3]), 75);
    assert.equal(lines[4], ` ${'😀'.repeat(12)} \\, ${'é'.repeat(11)}`);
    assert.equal(read({ ...alice, displayName }).fullName, displayName);
  });
});

describe('a contact with a number', () => {
  const office = { ...alice, displayName: 'Office, Lyon', phone: '+33472000000', organization: 'Taxi, Sons; \\' };

  test('has its number as TEL, and its company in a form that Linphone reads', () => {
    const lines = writeVcard(office)?.split('\r\n') ?? [];
    assert.deepEqual(lines.slice(3, 7), [
      'FN:Office\\, Lyon',
      'ORG:Taxi\\, Sons; \\\\',
      'IMPP:sip:alice@sip.example.com',
      'TEL:+33472000000',
    ]);
    assert.equal(read(office).organization, office.organization);
  });

  test('needs no SIP address', () => {
    const card = read({ ...office, sipUri: null });
    assert.deepEqual([card.impp, card.phone], ['', '+33472000000']);
    assert.equal(read({ ...office, sipUri: null, displayName: null }).fullName, '+33472000000');
  });

  test('keeps its address if an earlier version stored an invalid number', () => {
    assert.equal(read({ ...office, phone: 'ext. 12' }).phone, undefined);
    assert.equal(writeVcard({ ...office, sipUri: null, phone: 'ext. 12' }), undefined);
  });
});

describe('the contacts that get no card', () => {
  for (const [reason, change] of [
    ['whose display name has a line break', { displayName: 'a\nEND:VCARD' }],
    ['whose display name has a control character', { displayName: 'a\u007f' }],
    ['whose display name has half a surrogate pair', { displayName: 'a\ud800' }],
    ['without an address', { sipUri: '' }],
    ['whose address has no scheme', { sipUri: 'alice@sip.example.com' }],
    ['whose address has no user', { sipUri: 'sip:sip.example.com' }],
    ['whose address has a blank', { sipUri: 'sip:al ice@sip.example.com' }],
    ['whose address is not ASCII', { sipUri: 'sip:é@sip.example.com' }],
    ['without UID', { uid: '' }],
    ['whose UID has a comma', { uid: 'a,b' }],
    ['whose UID has a line break', { uid: 'a\r\nb' }],
    ['whose DTMF protocol is empty', { dtmfProtocol: '' }],
    ['whose type has a backslash', { types: ['a\\b'] }],
    ['whose type is blank', { types: ['phone', ' '] }],
    ['whose action has a semicolon in its key', { actions: [{ key: 'a;b', code: '1' }] }],
    ['whose action has no code', { actions: [{ key: 'open', code: '' }] }],
    ['whose action has a line break', { actions: [{ key: 'open', code: '1\r\nX-A:b' }] }],
  ] as const) {
    test(`a contact ${reason} is left out`, () => {
      const card: ContactCard = { ...alice, ...change };
      assert.equal(writeVcard(card), undefined);
      assert.equal(writeVcards([alice, card, alice]), (writeVcard(alice) ?? '').repeat(2));
    });
  }
});

test('any contact is either left out, or its card is read by a strict parser with the same values', () => {
  fc.assert(
    fc.property(anyCard, (card) => {
      if (writeVcard(card) === undefined) return;
      const { uid, fullName, impp, phone, organization, extensions } = read(card);
      assert.equal(uid, card.uid);
      assert.deepEqual(parseSipUri(impp), parseSipUri(card.sipUri ?? ''));
      const { user, host } = parseSipUri(card.sipUri ?? '') ?? {};
      const address = card.sipUri === null ? card.phone : `${user}@${host}`;
      assert.equal(fullName, card.displayName?.trim() ? card.displayName : address);
      assert.ok(phone === undefined || phone === card.phone);
      assert.ok(organization === undefined || organization === card.organization);
      assert.deepEqual(extensions, expected(card));
    }),
    { numRuns: 3000 },
  );
});

test('a contact with ordinary data is never left out, whatever its name', () => {
  const name = fc.string({ unit: 'grapheme' }).filter((text) => !/[\u0000-\u001f\u007f-\u009f]/.test(text));
  fc.assert(
    fc.property(
      name,
      name.filter((text) => text !== ''),
      domain,
      (displayName, username, domain) => {
        assert.ok(read({ ...alice, displayName, sipUri: sipUri(username, domain) }));
      },
    ),
  );
});

test('several contacts are one card after another, without those that are left out', () => {
  fc.assert(
    fc.property(fc.array(anyCard), (cards) => {
      const kept = [alice, ...cards, alice].filter((card) => writeVcard(card) !== undefined);
      const parsed = parseVcards(Buffer.from(writeVcards([alice, ...cards, alice])));
      assert.deepEqual(
        parsed.map(({ uid }) => uid),
        kept.map(({ uid }) => uid),
      );
    }),
  );
});
