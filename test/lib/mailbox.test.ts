import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isMailAddress, parseMailbox } from '../../src/lib/mailbox.ts';

describe('a mailbox', () => {
  for (const [text, name, address] of [
    ['alice@example.com', null, 'alice@example.com'],
    ["o'neil+phone@example.co.uk", null, "o'neil+phone@example.co.uk"],
    ['root@localhost', null, 'root@localhost'],
    ['zoé@exämple.de', null, 'zoé@exämple.de'],
    ['Phones <phones@example.com>', 'Phones', 'phones@example.com'],
    ['"Phones, Kiel" <phones@example.com>', 'Phones, Kiel', 'phones@example.com'],
    ['<phones@example.com>', null, 'phones@example.com'],
  ] as const) {
    test(`${text} is a mailbox`, () => assert.deepEqual(parseMailbox(text), { name, address }));
  }

  for (const text of [
    '',
    'alice',
    '@example.com',
    'alice@',
    'alice@example.com,bob@example.com',
    'alice@example.com bob@example.com',
    'alice@example.com;bob@example.com',
    'alice,bob@example.com',
    'alice@bob@example.com',
    'all: alice@example.com;',
    'alice(comment)@example.com',
    '"alice x"@example.com',
    'alice@example.com\r\nBcc: bob@example.com',
    'Alice\r\nBcc: bob@example.com <alice@example.com>',
    'Alice\u202e <alice@example.com>',
    'Alice <alice@example.com>, Bob <bob@example.com>',
    'Alice, Bob <alice@example.com>',
    '.alice@example.com',
    'alice.@example.com',
    'a..b@example.com',
    'alice@exa_mple.com',
    'alice@-example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(253)}`,
  ]) {
    test(`${JSON.stringify(text)} is not a mailbox`, () => {
      assert.equal(parseMailbox(text), undefined);
      assert.equal(isMailAddress(text), false);
    });
  }
});
