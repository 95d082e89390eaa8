import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AskOptions, askServer } from '../../src/network/ask-server.ts';
import type { Lookups } from '../../src/network/locate-server.ts';
import { freePort } from '../support/free-port.ts';
import { okTo, startSipServer, type Transport } from '../support/sip-server.ts';
import { patienceMs } from '../support/wait-until.ts';

const domain = 'sip.example.com';
/** As patient as a busy machine needs. */
const ask = (server: Parameters<typeof askServer>[0], options: AskOptions = {}) =>
  askServer(server, { signal: AbortSignal.timeout(patienceMs), ...options });
/** Counts what was repeated once: what goes by UDP may be lost. */
const different = (requests: readonly string[]): number => new Set(requests).size;
const uriOf = (port: number, transport: Transport): string => `sip:127.0.0.1:${port};transport=${transport}`;

for (const transport of ['udp', 'tcp', 'tls'] as const) {
  test(`an answer over ${transport} is returned with its status and the name of the server`, async (t) => {
    const server = await startSipServer(transport);
    t.after(() => server.stop());
    const uri = uriOf(server.port, transport);
    const { certificate, ...answer } = { certificate: null, ...(await ask({ uri, domain })) };
    assert.deepEqual(answer, { kind: 'response', status: 200, reason: 'OK', server: 'Small/1.0' });
    if (transport === 'tls') assert.match(String(certificate), /self.signed/);
    else assert.equal(certificate, null);
    assert.equal(different(server.requests), 1);
    const [request = ''] = server.requests;
    assert.ok(
      request.startsWith(`OPTIONS ${uri} SIP/2.0\r\nVia: SIP/2.0/${transport.toUpperCase()} 127.0.0.1:`),
      request,
    );
    assert.match(request, /\r\nFrom: <sip:sip\.example\.com>;tag=\w+\r\n/);
  });

  test(`a silent server over ${transport} counts as no answer when the time is up`, async (t) => {
    const timeIsUp = new AbortController();
    // What goes by UDP may be lost, and is repeated.
    const expected = transport === 'udp' ? 2 : 1;
    const server = await startSipServer(transport, () => {
      if (server.requests.length === expected) timeIsUp.abort();
      return undefined;
    });
    t.after(() => server.stop());
    const answer = await ask({ uri: uriOf(server.port, transport), domain }, { signal: timeIsUp.signal });
    assert.deepEqual(answer, { kind: 'no-answer' });
    assert.equal(server.requests.length, expected);
  });

  test(`a closed port over ${transport} is reported at once`, async () => {
    const answer = await ask({ uri: uriOf(await freePort(), transport), domain });
    assert.deepEqual(answer, { kind: 'failed', why: 'refused' });
  });

  test(`a provisional answer over ${transport} is not the result`, async (t) => {
    const server = await startSipServer(transport, (request) => `SIP/2.0 100 Trying\r\n\r\n${okTo(request)}`);
    t.after(() => server.stop());
    const answer = await ask({ uri: uriOf(server.port, transport), domain });
    assert.equal('status' in answer && answer.status, 200);
  });
}

test('a server is asked over UDP if its address names no transport', async (t) => {
  const server = await startSipServer('udp', (request) => okTo(request).replace('200 OK', '404 Not here'));
  t.after(() => server.stop());
  const answer = await ask({ uri: `sip:127.0.0.1:${server.port}`, domain });
  assert.deepEqual(answer, {
    kind: 'response',
    status: 404,
    reason: 'Not here',
    server: 'Small/1.0',
    certificate: null,
  });
});

test('an answer whose head never ends is not read to its end', async (t) => {
  const endless = `SIP/2.0 200 OK\r\nServer: ${'x'.repeat(1_000_000)}`;
  const server = await startSipServer('tcp', () => endless);
  t.after(() => server.stop());
  const answer = await ask({ uri: uriOf(server.port, 'tcp'), domain });
  assert.deepEqual(answer, { kind: 'not-sip', line: 'SIP/2.0 200 OK', certificate: null });
});

test('an answer that is not SIP is reported with its first line', async (t) => {
  const server = await startSipServer('tcp', () => 'HTTP/1.1 400 Bad Request\r\n\r\n');
  t.after(() => server.stop());
  const answer = await ask({ uri: uriOf(server.port, 'tcp'), domain });
  assert.deepEqual(answer, { kind: 'not-sip', line: 'HTTP/1.1 400 Bad Request', certificate: null });
});

test('a server without TLS is reported as such', async (t) => {
  const server = await startSipServer('tcp', () => 'SIP/2.0 400 Bad Request\r\n\r\n');
  t.after(() => server.stop());
  assert.deepEqual(await ask({ uri: uriOf(server.port, 'tls'), domain }), { kind: 'failed', why: 'not-tls' });
});

test('the best server of a name that can be reached is asked', async (t) => {
  const server = await startSipServer('tcp');
  t.after(() => server.stop());
  const asked: string[] = [];
  const place = { weight: 0, name: 'a.example.com' };
  const closed = await freePort();
  const lookups: Lookups = {
    srv: async (name) => {
      asked.push(name);
      return [
        { ...place, priority: 20, port: server.port },
        { ...place, priority: 10, port: closed },
      ];
    },
    addresses: async () => ['127.0.0.1'],
  };
  const answer = await ask({ uri: 'sip:sip.example.com;transport=tcp', domain }, { lookups });
  assert.equal(answer.kind, 'response');
  assert.deepEqual(asked, ['_sip._tcp.sip.example.com']);
});

test('a name with a port, or without SRV records, is looked up itself', async (t) => {
  const server = await startSipServer('tcp');
  t.after(() => server.stop());
  const asked: string[] = [];
  const lookups: Lookups = {
    srv: async (name) => {
      asked.push(name);
      return [];
    },
    addresses: async (name) => {
      asked.push(name);
      return name === 'sip.example.com' ? ['127.0.0.1'] : [];
    },
  };
  const askAt = (uri: string) => ask({ uri, domain }, { lookups });
  assert.equal((await askAt(`sip:sip.example.com:${server.port};transport=tcp`)).kind, 'response');
  assert.deepEqual(await askAt('sip:nowhere.example.com;transport=tls'), {
    kind: 'unknown-name',
    host: 'nowhere.example.com',
  });
  assert.deepEqual(asked, ['sip.example.com', '_sips._tcp.nowhere.example.com', 'nowhere.example.com']);
});

test('only the permitted addresses of a name are asked, without another look-up', async (t) => {
  const server = await startSipServer('udp');
  t.after(() => server.stop());
  const looked: string[] = [];
  const lookups: Lookups = {
    srv: async () => [{ name: 'a.example.com', port: server.port, priority: 1, weight: 1 }],
    addresses: async (name) => {
      looked.push(name);
      return ['127.0.0.1', '127.0.0.2'];
    },
  };
  const tried: string[] = [];
  const askPermitted = (allowed: string | undefined) => {
    const mayAsk = (address: string) => {
      tried.push(address);
      return address === allowed;
    };
    return ask({ uri: 'sip:sip.example.com;transport=udp', domain }, { lookups, mayAsk });
  };
  assert.equal((await askPermitted(undefined)).kind, 'unknown-name');
  assert.deepEqual(tried, ['127.0.0.1', '127.0.0.2']);
  assert.equal(server.requests.length, 0);
  assert.equal((await askPermitted('127.0.0.1')).kind, 'response');
  assert.equal(different(server.requests), 1);
  assert.deepEqual(looked, ['a.example.com', 'a.example.com']);
});

const manyServers = Array.from({ length: 2_000 }, (_, at) => ({
  name: `${at}.example.com`,
  port: 5061,
  priority: at === 1_500 ? 1 : 2,
  weight: 2_000 - at,
}));

test('of a name with many servers, the best four are looked up, one after the other', async () => {
  const looked: string[] = [];
  let waiting = 0;
  let maxWaiting = 0;
  const lookups: Lookups = {
    srv: async () => manyServers,
    addresses: async (name) => {
      looked.push(name);
      waiting += 1;
      maxWaiting = Math.max(maxWaiting, waiting);
      await nextTurn();
      waiting -= 1;
      return [];
    },
  };
  const answer = await ask({ uri: 'sip:sip.example.com;transport=tls', domain }, { lookups });
  assert.deepEqual(answer, { kind: 'unknown-name', host: 'sip.example.com' });
  assert.deepEqual(looked, ['1500.example.com', '0.example.com', '1.example.com', '2.example.com']);
  assert.equal(maxWaiting, 1);
});

test('no further server of a name is looked up once one has answered, or the time is up', async (t) => {
  const server = await startSipServer('tcp');
  t.after(() => server.stop());
  const looked: string[] = [];
  const timeIsUp = new AbortController();
  const lookups: Lookups = {
    srv: async () => manyServers.map((record) => ({ ...record, port: server.port })),
    addresses: async (name) => {
      looked.push(name);
      if (looked.length === 2) timeIsUp.abort();
      return looked.length === 1 ? ['127.0.0.1'] : [];
    },
  };
  const uri = 'sip:sip.example.com;transport=tcp';
  assert.equal((await ask({ uri, domain }, { lookups })).kind, 'response');
  assert.equal(looked.length, 1);
  assert.deepEqual(await ask({ uri, domain }, { lookups, signal: timeIsUp.signal }), { kind: 'no-answer' });
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  assert.equal(looked.length, 2);
});

test('a name server that never answers counts as no answer when the time is up', async () => {
  const never = () => new Promise<never>(() => {});
  const lookups: Lookups = { srv: never, addresses: never };
  const answer = await ask({ uri: 'sip:sip.example.com', domain }, { lookups, signal: AbortSignal.timeout(50) });
  assert.deepEqual(answer, { kind: 'no-answer' });
});

for (const host of ['255.255.255.255', '[fe80::1]']) {
  test(`${host}, to which nothing can be sent, is reported as unreachable over UDP at once`, async () => {
    const answer = await ask({ uri: `sip:${host}:5060`, domain });
    assert.deepEqual(answer, { kind: 'failed', why: 'unreachable' });
  });
}

for (const transport of ['udp', 'tcp', 'tls'] as const) {
  test(`an SRV record with port 0 names no server over ${transport}`, async (t) => {
    const server = await startSipServer(transport);
    t.after(() => server.stop());
    const place = { weight: 0, name: 'a.example.com' };
    const lookups: Lookups = {
      srv: async () => [
        { ...place, priority: 10, port: 0 },
        { ...place, priority: 20, port: server.port },
      ],
      addresses: async () => ['127.0.0.1'],
    };
    const answer = await ask({ uri: `sip:sip.example.com;transport=${transport}`, domain }, { lookups });
    assert.equal(answer.kind, 'response');
  });
}
