import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AuthContext, DocumentContext, HookCredentials, Hooks } from '../../src/hooks/contract.ts';
import { spaceWith } from '../../src/spaces/space.ts';
import { alice, carol, ha1s, provision, provisioning, space, token } from './provision.ts';

describe('the hooks of a document', () => {
  test('run once for each of their sections, and the document hook runs last; the external account is marked', async () => {
    const calls: string[] = [];
    await provision({
      proxy: (section, { external }) => calls.push(`proxy ${section.name}${external ? ' external' : ''}`),
      auth: (section, { external, credentials }) =>
        calls.push(`auth ${section.name} ${credentials.algorithm}${external ? ' external' : ''}`),
      document: () => calls.push('document'),
    });
    assert.deepEqual(calls, [
      'proxy proxy_0',
      'auth auth_info_0 SHA-256',
      'auth auth_info_1 MD5',
      'proxy proxy_1 external',
      'auth auth_info_2 MD5 external',
      'document',
    ]);
  });

  test('do not run for sections of a linphonerc that belong to no account of the server', async () => {
    const names: string[] = [];
    const linphonerc =
      '[proxy_0]\nreg_expires=600\n[proxy_1]\nreg_identity=sip:lobby@sip.example.net\n[auth_info_0]\nusername=lobby\n';
    await provision({ proxy: ({ name }) => names.push(name), auth: ({ name }) => names.push(name) }, { linphonerc });
    assert.deepEqual(names, ['proxy_0', 'auth_info_1', 'auth_info_2', 'proxy_2', 'auth_info_3']);
  });

  test('run one after the other', async () => {
    const calls: string[] = [];
    await provision({
      async proxy(section) {
        await new Promise((resolve) => setTimeout(resolve, section.name === 'proxy_0' ? 20 : 1));
        calls.push(section.name);
      },
      document: () => calls.push('document'),
    });
    assert.deepEqual(calls, ['proxy_0', 'proxy_1', 'document']);
  });

  test('do not run for a section that an earlier hook removed', async () => {
    const names: string[] = [];
    await provision({
      proxy(section, { document }) {
        names.push(section.name);
        document.removeSection('proxy_1');
      },
    });
    assert.deepEqual(names, ['proxy_0']);
  });

  test('do not run for a base document, except the document hook', async () => {
    const calls: string[] = [];
    const hooks: Hooks = {
      proxy: () => calls.push('proxy'),
      auth: () => calls.push('auth'),
      document: (_, { account }) => calls.push(`document ${account}`),
    };
    await provisioning(hooks).base();
    assert.deepEqual(calls, ['document null']);
  });

  test('pass the base document on as a ready buffer if there is no document hook', async () => {
    const { context, base } = provisioning({ proxy: () => assert.fail('it is about no account') });
    assert.equal(context.hooks.changesBaseDocuments, false);
    assert.equal(await base(), context.baseDocuments.textOf(space));
  });
});

describe('hooks', () => {
  const shown = async (setting: Parameters<typeof provision>[1] = {}): Promise<DocumentContext> => {
    const contexts: DocumentContext[] = [];
    await provision({ document: (_, context) => contexts.push(context) }, setting);
    return contexts[0] ?? assert.fail('no hook ran');
  };

  test('see the account with its contacts and its external account, without their secrets', async () => {
    const elsewhere = { ...carol, id: 9, spaceId: 2, username: 'd#e' };
    const gone = { ...carol, id: 10, spaceId: 3 };
    const { account } = await shown({ contacts: [carol, elsewhere, gone] });
    const person = { email: 'alice@example.com', dtmfProtocol: 'sipinfo' };
    assert.deepEqual(account, {
      ...person,
      id: 7,
      username: 'alice',
      domain: 'sip.example.com',
      sipUri: 'sip:alice@sip.example.com',
      displayName: 'Alice',
      phone: '+33601020304',
      admin: false,
      activated: true,
      blocked: false,
      linphonerc: '',
      createdAt: '2026-11-23T18:40:48.000Z',
      contacts: [
        {
          ...person,
          id: 8,
          username: 'carol',
          domain: 'space1.example.com',
          sipUri: 'sip:carol@space1.example.com',
          displayName: null,
          phone: null,
        },
        {
          ...person,
          id: 9,
          username: 'd#e',
          domain: 'space2.example.com',
          sipUri: 'sip:d%23e@space2.example.com',
          displayName: null,
          phone: null,
        },
      ],
      external: {
        username: 'bob',
        domain: 'sip.example.org',
        sipUri: 'sip:bob@sip.example.org',
        realm: 'example.org',
        registrar: 'sip:sip.example.org;transport=tcp',
        outboundProxy: null,
        authUsername: null,
        protocol: 'TCP',
      },
    });
    assert.equal((await shown({ account: carol })).account?.external, null);
  });

  test('see the space with its registrar and realm as they are in force', async () => {
    assert.deepEqual((await shown()).space, {
      domain: 'sip.example.com',
      name: 'Example',
      host: null,
      registrar: 'sip:registrar.example.com:5071;transport=tls',
      realm: 'sip.example.com',
    });
    const plain = await shown({ space: spaceWith({ ...space, registrar: null, realm: 'example' }, space) });
    assert.equal(plain.space.registrar, 'sip:sip.example.com;transport=tls');
    assert.equal(plain.space.realm, 'example');
  });

  test('see the request, but not the credentials of its caller', async () => {
    const { request } = await shown({
      url: `/provisioning/${token}?a=1&a=2&reset_password`,
      headers: {
        from: 'sip:alice@sip.example.com',
        'set-cookie': ['one', 'two'],
        authorization: 'Digest …',
        'proxy-authorization': 'Basic …',
        cookie: 'x-api-key=…',
        'X-API-Key': '…',
        'x-device-key': '…',
      },
    });
    assert.equal(request.method, 'GET');
    assert.equal(request.url, `/provisioning/${token}?a=1&a=2&reset_password`);
    assert.deepEqual([request.query.getAll('a'), request.query.has('reset_password')], [['1', '2'], true]);
    assert.deepEqual(request.headers, { from: 'sip:alice@sip.example.com', 'set-cookie': ['one', 'two'] });
    assert.equal(request.address, '192.0.2.7');
  });

  test('see the request for a base document as GET /provisioning with its query, and no account', async () => {
    const contexts: DocumentContext[] = [];
    const { base } = provisioning(
      { document: (_, context) => contexts.push(context) },
      { url: '/provisioning/gone?x=1' },
    );
    await base();
    assert.deepEqual(
      contexts.map(({ request, account }) => [request.method, request.url, request.query.get('x'), account]),
      [['GET', '/provisioning?x=1', '1', null]],
    );
  });

  test('see the credentials of the section if they are auth hooks', async () => {
    const seen: HookCredentials[] = [];
    await provision(
      { auth: (_, { credentials }) => seen.push(credentials) },
      { space: spaceWith({ ...space, realm: 'example' }, space) },
    );
    const external = alice.external ?? assert.fail();
    const [bob] = external.ha1s;
    assert.deepEqual(seen, [
      ...alice.ha1s.map((ha1) => ({ username: 'alice', realm: 'example', ...ha1 })),
      { username: 'bob', realm: 'example.org', ...bob },
    ]);

    const realmless = { ...external, realm: null, ha1s: ha1s('bob', 'sip.example.org', ['SHA-256']) };
    await provision(
      { auth: (_, { credentials }) => seen.push(credentials) },
      { account: { ...alice, external: realmless } },
    );
    assert.equal(seen.at(-1)?.realm, 'sip.example.org');
  });

  test('see facts that other hooks cannot change', async () => {
    const contexts: AuthContext[] = [];
    await provision(
      {
        auth(_, context) {
          contexts.push(context);
          const { account, request, space, credentials } = context;
          const contact = account.contacts[0] ?? assert.fail();
          for (const part of [
            account,
            account.contacts,
            contact,
            account.external,
            request.headers,
            space,
            credentials,
          ]) {
            assert.throws(() => Object.assign(part ?? assert.fail(), { id: 1, 0: 1, from: 'x' }), TypeError);
          }
          assert.equal(request.query.get('added'), null);
          request.query.set('added', '1');
        },
      },
      { contacts: [carol] },
    );
    assert.equal(contexts.length, 3);
    assert.equal(alice.username, 'alice');
  });
});
