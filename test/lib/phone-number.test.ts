import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { complaintSentence } from '../../src/errors/complaints.ts';
import { type PhoneNumber, readPhoneNumber } from '../../src/lib/phone-number.ts';

const example =
  "must be a phone number with its country code, such as +33601020304; the space's phone_country allows numbers without one";

function told(read: PhoneNumber): string {
  return 'complaint' in read ? complaintSentence(read.complaint) : read.number;
}

describe('a phone number with its country code', () => {
  for (const [text, number] of [
    ['+33601020304', '+33601020304'],
    ['+33 6 01 02 03 04', '+33601020304'],
    [' +33 6\u00a001\u202f02 03 04\t', '+33601020304'],
    ['+33.6.01.02.03.04', '+33601020304'],
    ['+33-6-01-02-03-04', '+33601020304'],
    ['+33 (0)6 01 02 03 04', '+33601020304'],
    ['+33(0)601020304', '+33601020304'],
    ['(+44) (0)20 7946 0958', '+442079460958'],
    ['+44 / 20 / 7946–0958', '+442079460958'],
    ['+49 (0) 30/123 456', '+4930123456'],
    ['+1 (212) 555-0100', '+12125550100'],
    ['[+1] 212.555.0100', '+12125550100'],
    ['\u202a+33 6 01 02 03 04\u202c', '+33601020304'],
    ['+33 06 01 02 03 04', '+33601020304'],
    ['+39 06 1234 5678', '+390612345678'],
    ['+883 5100 1234 5678', '+883510012345678'],
  ] as const) {
    test(`is read from ${JSON.stringify(text)} as ${number}`, async () =>
      assert.deepEqual(await readPhoneNumber(text), { number }));
  }

  test('is accepted unchanged if it is E.164 already, whether its range is assigned or not', async () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{1,14}$/);
    await fc.assert(
      fc.asyncProperty(digits, async (digits) => {
        assert.deepEqual(await readPhoneNumber(`+${digits}`), { number: `+${digits}` });
      }),
    );
  });
});

describe('a text that is not a phone number with its country code', () => {
  for (const text of [
    '',
    ' ',
    '+',
    '1',
    'none',
    '0601020304',
    '06 01 02 03 04',
    '0033 6 01 02 03 04',
    '33601020304',
    '+0601020304',
    '+33 6 01',
    '+1 555 0100',
    '+1234567890123456',
    '+999 1234 5678',
    '++33601020304',
    '+33601020304+',
    '+1 800 FLOWERS',
    '+49 30 123456 ext. 7',
    '+49 30 123456;ext=7',
    '*31#+33601020304',
    `+${'9'.repeat(10_000)}`,
    `+${'('.repeat(10_000)}`,
  ]) {
    test(`is refused with an example: ${JSON.stringify(text).slice(0, 40)}`, async () => {
      assert.equal(told(await readPhoneNumber(text)), example);
    });
  }
});

describe('a phone number in a country', () => {
  for (const [country, text, number] of [
    ['FR', '0601020304', '+33601020304'],
    ['FR', '06 01 02 03 04', '+33601020304'],
    ['FR', '0033 6 01 02 03 04', '+33601020304'],
    ['FR', '+49 30 123456', '+4930123456'],
    ['DE', '(030) 123456', '+4930123456'],
    ['DE', '030/123456', '+4930123456'],
    ['IT', '06 1234 5678', '+390612345678'],
    ['US', '(212) 555-0100', '+12125550100'],
    ['US', '1-212-555-0100', '+12125550100'],
    ['US', '011 33 6 01 02 03 04', '+33601020304'],
  ] as const) {
    test(`${text} is read as dialled in ${country}`, async () => {
      assert.deepEqual(await readPhoneNumber(text, country), { number });
    });
  }

  for (const [country, text, complaint] of [
    ['US', '555-0100', 'must be a phone number, such as (201) 555-0123 or +12015550123'],
    ['FR', '0601', 'must be a phone number, such as 06 12 34 56 78 or +33612345678'],
    ['FR', '+33 6 01', 'must be a phone number, such as 06 12 34 56 78 or +33612345678'],
    ['GB', 'none', 'must be a phone number, such as 07400 123456 or +447400123456'],
  ] as const) {
    test(`${text} is refused in ${country}, with an example from there`, async () => {
      assert.equal(told(await readPhoneNumber(text, country)), complaint);
    });
  }
});
