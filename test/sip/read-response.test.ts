import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readResponse, responseReader } from '../../src/sip/read-response.ts';

const head = 'SIP/2.0 401 Unauthorized\r\nserver : Kamailio (5.8) \r\nUser-Agent: x\r\n\r\n';
const response = { kind: 'response', status: 401, reason: 'Unauthorized', server: 'Kamailio (5.8)' };

test('a response is read once its head is complete, and not before', () => {
  for (let end = 0; end < head.length; end += 1) assert.equal(readResponse(head.slice(0, end)), undefined, String(end));
  assert.deepEqual(readResponse(head), response);
  assert.deepEqual(readResponse(`\r\n\r\n${head}body`), response);
});

test('the User-Agent counts if Server is missing, and both may be missing', () => {
  assert.deepEqual(readResponse('SIP/2.0 200 OK\r\nUser-Agent: FPBX\r\n\r\n'), {
    kind: 'response',
    status: 200,
    reason: 'OK',
    server: 'FPBX',
  });
  assert.deepEqual(readResponse('SIP/2.0 200\r\n\r\n'), { kind: 'response', status: 200, reason: '', server: null });
});

test('provisional responses are skipped', () => {
  assert.equal(readResponse('SIP/2.0 100 Trying\r\n\r\n'), undefined);
  assert.deepEqual(readResponse(`SIP/2.0 100 Trying\r\nServer: y\r\n\r\nSIP/2.0 180 Ringing\r\n\r\n${head}`), response);
});

for (const line of ['HTTP/1.1 200 OK', 'SIP/2.0 999 No', 'SIP/3.0 200 OK', 'OPTIONS sip:a@b SIP/2.0', '<html>', 'x']) {
  test(`${line} is not a response`, () => {
    assert.deepEqual(readResponse(`${line}\r\n\r\n`), { kind: 'not-sip', line });
  });
}

test('a head that never ends is not a response, however long it grows', () => {
  for (const endless of [`SIP/2.0 200 ${'x'.repeat(20_000)}`, `SIP/2.0 200 OK\r\nServer: ${' '.repeat(20_000)}`]) {
    assert.equal(readResponse(endless)?.kind, 'not-sip');
  }
});

test('a response that comes in pieces is read as one that comes at once', () => {
  const read = responseReader();
  const text = `\r\n\r\nSIP/2.0 100 Trying\r\n\r\n${head}`;
  for (const character of text.slice(0, -1)) assert.equal(read(character), undefined);
  assert.deepEqual(read('\n'), response);
});

test('at most 99 provisional responses are skipped', () => {
  const trying = 'SIP/2.0 100 Trying\r\n\r\n';
  assert.deepEqual(readResponse(trying.repeat(99) + head), response);
  assert.deepEqual(readResponse(trying.repeat(100) + head), { kind: 'not-sip', line: 'SIP/2.0 100 Trying' });
});

test('nothing is read after 64 kB', () => {
  const read = responseReader();
  for (let piece = 0; piece < 64; piece += 1) assert.equal(read('\r\n'.repeat(512)), undefined, String(piece));
  assert.equal(read('\r\n')?.kind, 'not-sip');
});
