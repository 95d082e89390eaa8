import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Hooks } from '../../src/hooks/contract.ts';
import { loadHooks } from '../../src/hooks/load-hooks.ts';
import { patienceMs } from '../support/wait-until.ts';
import { alice, provision, provisioning, space, token } from './provision.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'examples/hooks');
const load = (name: string): Promise<Hooks> => loadHooks(join(folder, name));

test('the manual shows the contract and the examples unchanged', () => {
  const manual = readFileSync(join(root, 'docs/hooks.md'), 'utf8');
  const shown = [...manual.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text);
  const examples = readdirSync(folder).map((name) => join(folder, name));
  const files = [...examples, join(root, 'src/hooks/contract.ts')].map((file) => readFileSync(file, 'utf8'));
  assert.deepEqual(shown.toSorted(), files.toSorted());
  for (const name of readdirSync(folder)) assert.ok(manual.includes(`(../examples/hooks/${name})`), name);
});

describe('the example query-parameters.ts', () => {
  const proxyOf = async (query: string) =>
    provision(await load('query-parameters.ts'), { url: `/provisioning/${token}${query}` });

  test('passes transport and expiry on to proxy_0 only', async () => {
    const document = await proxyOf('?transport=tcp&expires=600');
    assert.equal(document.proxy_0?.reg_proxy, '<sip:registrar.example.com:5071;transport=tcp>');
    assert.equal(document.proxy_0?.reg_expires, '600');
    assert.equal(document.proxy_1?.reg_proxy, '<sip:sip.example.org;transport=tcp>');
    assert.equal(document.proxy_1?.reg_expires, undefined);
  });

  test('ignores all other parameters', async () => {
    const usual = await proxyOf('');
    for (const query of [
      '?transport=sctp',
      '?transport=tcp%3E%0A%5Bsip%5D',
      '?transport=',
      '?transport',
      '?expires=59',
      '?expires=86401',
      '?expires=1e400',
      '?expires=600.5',
      '?expires=-600',
      '?expires=',
    ]) {
      assert.deepEqual(await proxyOf(query), usual, query);
    }
  });
});

describe('the example staff-directory.ts', () => {
  test('gives the section to staff, and keeps what a user chose', async () => {
    const staff = { ...alice, email: 'alice@staff.example.com' };
    const xml = await provisioning(await load('staff-directory.ts'), { account: staff }).xml();
    const section = /<section name="remote_contact_directory_0">(.*?)<\/section>/s.exec(xml)?.[1] ?? assert.fail();
    assert.match(section, /<entry name="type" overwrite="true">carddav</);
    assert.match(section, /<entry name="uri" overwrite="true">https:\/\/contacts\.example\.com\/dav\//);
    assert.match(section, /<entry name="min_characters">3</);
  });

  test('changes nothing for other accounts', async () => {
    const hooks = await load('staff-directory.ts');
    for (const email of [null, 'alice@example.com', 'staff.example.com@example.org']) {
      assert.equal((await provision(hooks, { account: { ...alice, email } })).remote_contact_directory_0, undefined);
    }
    assert.doesNotMatch(await provisioning(hooks).base(), /remote_contact_directory/);
  });
});

test('the example conference-server.ts gives each space its own server, and does not change unknown spaces', async () => {
  const hooks = await load('conference-server.ts');
  const serversIn = async (domain: string) => {
    const document = await provision(hooks, {
      space: { ...space, domain },
      linphonerc: '[proxy_0]\nconference_factory_uri=sip:default@conf.example.net\n',
    });
    assert.equal(document.proxy_1?.conference_factory_uri, undefined);
    const { conference_factory_uri, audio_video_conference_factory_uri } = document.proxy_0 ?? assert.fail();
    return [conference_factory_uri, audio_video_conference_factory_uri];
  };
  assert.deepEqual(await serversIn('sip.example.com'), [
    'sip:group-chat@conf.example.com',
    'sip:videoconference@conf.example.com',
  ]);
  assert.deepEqual(await serversIn('sip.example.org'), ['sip:chat@conf.example.org', 'sip:meet@conf.example.org']);
  assert.deepEqual(await serversIn('sip.example.net'), ['sip:default@conf.example.net', undefined]);
});

describe('the example ask-a-service.ts', () => {
  let answer: { status: number; body: string } | 'never';
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (answer !== 'never') response.writeHead(answer.status).end(answer.body);
  });
  let hooks: Hooks;
  const limits = { eachMs: patienceMs, togetherMs: patienceMs };

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env.VOICEMAIL_SERVICE = `http://127.0.0.1:${(server.address() as AddressInfo).port}/voicemail/`;
    hooks = await load('ask-a-service.ts');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  test('puts the answer of the service into proxy_0', async () => {
    answer = { status: 200, body: 'sip:box-7@voicemail.example.com' };
    const document = await provision(hooks, { account: { ...alice, username: 'al/ice' }, limits });
    assert.equal(document.proxy_0?.voicemail_uri, 'sip:box-7@voicemail.example.com');
    assert.equal(document.proxy_1?.voicemail_uri, undefined);
    assert.deepEqual(asked, ['/voicemail/al%2Fice']);
  });

  test('leaves proxy_0 unchanged if the service has nothing for the account', async () => {
    answer = { status: 404, body: 'unknown' };
    assert.equal((await provision(hooks, { limits })).proxy_0?.voicemail_uri, undefined);
  });

  test('fails if the service fails, answers nonsense or is late', async () => {
    const failing = [
      { status: 503, body: 'down' },
      { status: 200, body: 'sip:a@b\n[sip]' },
      { status: 200, body: '' },
    ];
    for (answer of failing) await assert.rejects(provision(hooks, { limits }), { code: 'hook-failed' });
    answer = 'never';
    await assert.rejects(provision(hooks, { limits: { eachMs: 100, togetherMs: 200 } }), { code: 'hook-failed' });
  });
});
