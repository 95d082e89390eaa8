import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aboutServer, aboutValue, type Complaint, complaintSentence } from '../../src/errors/complaints.ts';

describe('a complaint', () => {
  const wrong: Complaint = { code: 'not-one-of', allowed: ['UDP', 'TCP'] };

  for (const [what, complaint, sentence] of [
    ['is a sentence that follows its field', { code: 'required' }, 'is required'],
    ['contains its facts', wrong, 'must be one of UDP, TCP'],
    ['names the value at fault', aboutValue('a\tb', wrong), '"a␉b" must be one of UDP, TCP'],
    ['names the part at fault', { code: 'empty', part: 'host' }, 'has an invalid host: it is empty'],
    ['names a server', aboutServer('pbx', wrong), '"pbx" must be one of UDP, TCP'],
    [
      'does not name a server with a user, and perhaps a password',
      aboutServer('sip:alice:secret@pbx', wrong),
      'must be one of UDP, TCP',
    ],
    ['says "character" for one', { code: 'too-short', min: 1 }, 'must have at least 1 character'],
    ['says "characters" for several', { code: 'too-short', min: 8 }, 'must have at least 8 characters'],
    ['names the expected type', { code: 'wrong-type', types: ['boolean'] }, 'must be true or false'],
    ['names both of two expected types', { code: 'wrong-type', types: ['string', 'null'] }, 'must be text or null'],
    [
      'may name the range of a duration, examples, and a value for no end',
      { code: 'not-a-duration', from: '1m', to: '366d', examples: ['90m', '12h', '7d'], forever: '0' },
      'must be a duration from 1m to 366d, such as 90m, 12h or 7d, or 0 (forever)',
    ],
    [
      'may name a single example of a duration',
      { code: 'not-a-duration', examples: ['30d'], forever: 'never' },
      'must be a duration such as 30d, or never',
    ],
    [
      'shows the ASCII form of a domain',
      { code: 'not-ascii', ascii: 'xn--bcher-kva.example' },
      'may contain only ASCII characters, here xn--bcher-kva.example',
    ],
  ] as const satisfies readonly (readonly [string, Complaint, string])[]) {
    test(what, () => assert.equal(complaintSentence(complaint), sentence));
  }

  test('is undefined if the value is valid', () => assert.equal(aboutValue('a', undefined), undefined));
});
