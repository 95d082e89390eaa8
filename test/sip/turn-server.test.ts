import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseTurnServer, turnUris } from '../../src/sip/turn-server.ts';

describe('a TURN server', () => {
  const uris: Readonly<Record<string, readonly string[]>> = {
    'turn.example.test': ['turn:turn.example.test?transport=udp', 'turn:turn.example.test?transport=tcp'],
    '192.0.2.7:3479': ['turn:192.0.2.7:3479?transport=udp', 'turn:192.0.2.7:3479?transport=tcp'],
    '[2001:db8::7]': ['turn:[2001:db8::7]?transport=udp', 'turn:[2001:db8::7]?transport=tcp'],
    'stun:turn.example.test:3478': [
      'turn:turn.example.test:3478?transport=udp',
      'turn:turn.example.test:3478?transport=tcp',
    ],
    'turn:turn.example.test': ['turn:turn.example.test?transport=udp', 'turn:turn.example.test?transport=tcp'],
    'turn:[2001:db8::7]:5000?transport=udp': ['turn:[2001:db8::7]:5000?transport=udp'],
    'turn:turn.example.test?transport=tcp': ['turn:turn.example.test?transport=tcp'],
    'turns:turn.example.test:443': ['turns:turn.example.test:443?transport=tcp'],
    'turns:turn.example.test?transport=tcp': ['turns:turn.example.test?transport=tcp'],
  };
  for (const [text, expected] of Object.entries(uris)) {
    test(`${text} is ${expected.join(' and ')}`, () => {
      const server = parseTurnServer(text);
      assert.ok(server !== undefined);
      assert.deepEqual(turnUris(server), expected);
    });
  }

  const wrong = [
    '',
    ':3478',
    'turn:',
    'Turn.example.test',
    'TURN:turn.example.test',
    'turn.example.test:0',
    'turn.example.test:65536',
    'turn.example.test:',
    'turn.example.test?transport=udp',
    'stun:turn.example.test?transport=udp',
    'stuns:turn.example.test',
    'turns:turn.example.test?transport=udp',
    'turn:turn.example.test?transport=sctp',
    'turn://turn.example.test',
    'turn:alice@turn.example.test',
    'https://turn.example.test',
    '2001:db8::7',
    '[2001:db8::7',
    '[]:3478',
    'turn .example.test',
    'turn.example.test\n',
    'turn.example.test\n[net]',
    'türn.test',
    '1.2.3',
  ];
  for (const text of wrong) {
    test(`${JSON.stringify(text)} is none`, () => assert.equal(parseTurnServer(text), undefined));
  }
});
