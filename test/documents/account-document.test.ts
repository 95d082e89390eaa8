import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import type { NewAccount } from '../../src/accounts/account-fields.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';
import { assertValidDocument, type ParsedDocument, parseDocument } from '../support/xml.ts';

const cards = 'https://ringup.example.test/contacts/vcard';
const me = 'https://ringup.example.test/provisioning/me';
const spaceDefaults = {
  linphonerc: '',
  registrar: null,
  algorithms: ['SHA-256'] as ('SHA-256' | 'MD5')[],
  overwrite_all: true,
  seeded: [] as string[],
  refetch: 'once' as const,
  depend_on_external: false,
  host: null,
  username_pattern: '^[a-z0-9+_.-]{1,64}$',
};

/** Section → entry → value; a value that does not overwrite is marked. */
function plain(document: ParsedDocument): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...document].map(([section, entries]) => [
      section,
      Object.fromEntries(
        [...entries].map(([name, { value, overwrite }]) => [name, overwrite ? value : `${value} (seeded)`]),
      ),
    ]),
  );
}

forEachDatabase("an account's document", (makeUrl) => {
  let t: TestApp;
  const file = join(tempDirectory(), 'linphonerc');
  before(async () => {
    writeFileSync(file, '');
    t = await openTestApp(await makeUrl(), { RINGUP_LINPHONERC: file });
  });
  after(() => t.close());
  afterEach(async () => {
    await t.setSpace(spaceDefaults);
    setInstance('');
  });

  /** Replaced whole, as an editor does. */
  const setInstance = (text: string): void => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    t.app.linphonerc.refresh();
  };
  const documentOf = async (account: Account): Promise<ParsedDocument> => {
    const { body } = await t.server.inject({ url: `/provisioning/${await t.makeToken(account)}` });
    assertValidDocument(body);
    return parseDocument(body);
  };
  const make = async (fields: Partial<NewAccount> = {}) => {
    const account = await t.makeAccount(fields);
    return { account, document: plain(await documentOf(account)), ha1: account.ha1s[0]?.ha1 ?? '' };
  };
  const withExternal = async (external: object = {}, fields: Partial<NewAccount> = {}) => {
    const account = await t.makeAccount(fields);
    const body = { username: 'ext', domain: 'other.example', password: 'outside', ...external };
    const answer = await t.api('POST', `/api/accounts/${account.id}/external`, body);
    assert.equal(answer.status, 201, answer.text);
    return plain(await documentOf(account));
  };
  const base = async (headers: Record<string, string> = {}) => {
    const { body } = await t.server.inject({ url: '/provisioning', headers });
    assertValidDocument(body);
    return plain(parseDocument(body));
  };

  test('has exactly these entries, and all of them overwrite', async () => {
    const { account, document, ha1 } = await make({ display_name: 'Alice' });
    assert.deepEqual(document, {
      misc: { 'contacts-vcard-list': cards, transient_provisioning: '1' },
      proxy_0: {
        reg_identity: `"Alice" <sip:${account.username}@sip.example.test>`,
        reg_proxy: '<sip:sip.example.test;transport=tls>',
        reg_sendregister: '1',
        realm: 'sip.example.test',
        refkey: 'push_notification',
        idkey: '',
        depends_on: '',
        reg_route: '',
      },
      auth_info_0: {
        username: account.username,
        userid: '',
        passwd: '',
        ha1,
        realm: 'sip.example.test',
        domain: 'sip.example.test',
        algorithm: 'SHA-256',
      },
    });
  });

  test('builds on a base document, to which the server adds only these entries', async () => {
    assert.deepEqual(await base(), { misc: { 'contacts-vcard-list': cards, transient_provisioning: '1' } });
  });

  test('has a section for each algorithm, SHA-256 first, and only the first has the domain', async () => {
    await t.setSpace({ algorithms: ['SHA-256', 'MD5'] });
    const { account, document } = await make();
    const { username } = account;
    const common = { username, userid: '', passwd: '', realm: 'sip.example.test' };
    const [sha256, md5] = account.ha1s;
    assert.deepEqual(document.auth_info_0, {
      ...common,
      ha1: sha256?.ha1,
      domain: 'sip.example.test',
      algorithm: 'SHA-256',
    });
    assert.deepEqual(document.auth_info_1, { ...common, ha1: md5?.ha1, domain: 'md5.invalid', algorithm: 'MD5' });
    assert.match(sha256?.ha1 ?? '', /^[0-9a-f]{64}$/);
    assert.match(md5?.ha1 ?? '', /^[0-9a-f]{32}$/);
    assert.equal(document.auth_info_2, undefined);
  });

  const identities: readonly [string | null, string, string][] = [
    [null, 'plain', '<sip:plain@sip.example.test>'],
    ['A "quoted" \\ name', 'quoted', '"A \\"quoted\\" \\\\ name" <sip:quoted@sip.example.test>'],
    ["<&> ' 🛠 é ;,", 'marks', '"<&> \' 🛠 é ;," <sip:marks@sip.example.test>'],
    [null, 'a#b', '<sip:a%23b@sip.example.test>'],
    [null, 'uni code', '<sip:uni%20code@sip.example.test>'],
    ['Zoë \\', 'backslash', '"Zoë" <sip:backslash@sip.example.test>'],
    [null, 'a%c', '<sip:a%25c@sip.example.test>'],
    [null, "x-_.!~*'()&=+$,?/", "<sip:x-_.!~*'()&=+$,?/@sip.example.test>"],
  ];
  for (const [name, username, identity] of identities) {
    test(`${username}${name === null ? '' : ` called ${name}`} has the identity ${identity}`, async () => {
      await t.setSpace({ username_pattern: '.' });
      const { document } = await make({ username, display_name: name });
      assert.equal(document.proxy_0?.reg_identity, identity);
      assert.equal(document.auth_info_0?.username, username);
    });
  }

  test('has the registrar and the realm of the space', async () => {
    await t.api('POST', '/api/spaces', {
      domain: 'second.example.test',
      registrar: 'sip:reg.example.test:5062;transport=tcp',
      realm: 'The "realm"'.replaceAll('"', ''),
    });
    const { document } = await make({ domain: 'second.example.test' });
    assert.equal(document.proxy_0?.reg_proxy, '<sip:reg.example.test:5062;transport=tcp>');
    assert.equal(document.proxy_0?.realm, 'The realm');
    assert.equal(document.auth_info_0?.realm, 'The realm');
    assert.equal(document.auth_info_0?.domain, 'second.example.test');
  });

  test('merges layers entry by entry, and has each section once, where it was first mentioned', async () => {
    setInstance('[sip]\nguess_hostname=1\nmedia_encryption=srtp\n[misc]\nx=instance\n[ui]\ntheme=dark\n');
    await t.setSpace({ linphonerc: '[net]\nmtu=1300\n[sip]\nmedia_encryption=zrtp\n[ui]\ntheme=light\nnew=1\n' });
    const { document } = await make();
    assert.deepEqual(Object.keys(document), ['sip', 'misc', 'ui', 'net', 'proxy_0', 'auth_info_0']);
    assert.deepEqual(document.sip, { guess_hostname: '1', media_encryption: 'zrtp' });
    assert.deepEqual(document.misc, { x: 'instance', 'contacts-vcard-list': cards, transient_provisioning: '1' });
    assert.deepEqual(document.ui, { theme: 'light', new: '1' });
    assert.deepEqual(Object.keys(await base()), ['sip', 'misc', 'ui', 'net']);
  });

  test('takes values from a linphonerc as Linphone does, without any conversion', async () => {
    const { json } = await t.api('PUT', '/api/spaces/sip.example.test', {
      linphonerc:
        '\ufeff[a ignored=words]\r\nt=true\r\nq="quoted" ; kept\r\na.b= 1=2 \r\nempty=\r\n# remark\r\n[a]\r\nt=false\r\n',
    });
    assert.equal(json.errors, undefined);
    assert.deepEqual((await base()).a, { t: 'false', q: '"quoted" ; kept', 'a.b': '1=2', empty: '' });
  });

  test('has a contacts-vcard-list unless a linphonerc has another one', async () => {
    await t.setSpace({ linphonerc: '[misc]\ncontacts-vcard-list=https://elsewhere.test/cards\n' });
    assert.equal((await base()).misc?.['contacts-vcard-list'], 'https://elsewhere.test/cards');
    assert.equal((await make()).document.misc?.['contacts-vcard-list'], 'https://elsewhere.test/cards');
  });

  test('takes defaults from a proxy_0 of the layers below, and replaces what the account defines', async () => {
    setInstance(
      '[proxy_0]\nreg_expires=600\nreg_identity=<sip:nobody@nowhere>\nrefkey=x\nrealm=x\nreg_sendregister=0\n',
    );
    const { account, document } = await make();
    assert.deepEqual(document.proxy_0, {
      reg_expires: '600',
      reg_identity: `<sip:${account.username}@sip.example.test>`,
      refkey: 'push_notification',
      realm: 'sip.example.test',
      reg_sendregister: '1',
      reg_proxy: '<sip:sip.example.test;transport=tls>',
      idkey: '',
      depends_on: '',
      reg_route: '',
    });
  });

  const registrars: readonly [string, string][] = [
    ['[proxy_0]\nreg_proxy=<sip:own.test>\n', '<sip:own.test>'],
    ['[proxy_default_values]\nreg_proxy=<sip:default.test;transport=tcp>\n', '<sip:default.test;transport=tcp>'],
    ['[proxy_default_values]\nreg_proxy=<sip:default.test>\n[proxy_0]\nreg_proxy=<sip:own.test>\n', '<sip:own.test>'],
    ['[proxy_default_values]\nreg_expires=60\n', '<sip:sip.example.test;transport=tls>'],
    ['[proxy_default_values]\nreg_proxy=\nreg_identity=\n', '<sip:sip.example.test;transport=tls>'],
    ['[proxy_0]\nreg_proxy=\n', '<sip:sip.example.test;transport=tls>'],
    ['[proxy_default_values]\nreg_proxy=<sip:default.test>\n[proxy_0]\nreg_proxy=\n', '<sip:default.test>'],
  ];
  for (const [linphonerc, registrar] of registrars) {
    test(`${JSON.stringify(linphonerc)} makes the registrar ${registrar}`, async () => {
      await t.setSpace({ linphonerc, registrar: null });
      const { document } = await make();
      assert.equal(document.proxy_0?.reg_proxy, registrar);
    });
  }

  test('keeps idkey, depends_on and reg_route of the layers below', async () => {
    await t.setSpace({ linphonerc: '[proxy_0]\nidkey=main\ndepends_on=other\nreg_route=<sip:edge.test;lr>\n' });
    const { proxy_0: proxy } = (await make()).document;
    assert.deepEqual([proxy?.idkey, proxy?.depends_on, proxy?.reg_route], ['main', 'other', '<sip:edge.test;lr>']);
  });

  test('numbers sections without gaps, the credentials of the account after those of the layers below', async () => {
    await t.setSpace({
      linphonerc:
        '[auth_info_0]\nusername=turn\n[auth_info_1]\nusername=other\n[proxy_1]\nreg_identity=<sip:second@x.test>\n',
    });
    const document = await withExternal({ algorithm: 'MD5' });
    assert.equal(document.auth_info_0?.username, 'turn');
    assert.equal(document.auth_info_1?.username, 'other');
    assert.equal(document.auth_info_2?.domain, 'sip.example.test');
    assert.equal(document.auth_info_3?.domain, 'other.example');
    assert.equal(document.proxy_1?.reg_identity, '<sip:second@x.test>');
    assert.equal(document.proxy_2?.idkey, 'external_account');
  });

  test('gives no number to a heading without keys, because it is not in the document', async () => {
    const headings = '[auth_info_0]\n# username=turn\n[proxy_1]\n';
    setInstance(headings);
    await t.setSpace({ linphonerc: headings });
    const document = await withExternal({ algorithm: 'MD5' });
    assert.equal(document.auth_info_0?.domain, 'sip.example.test');
    assert.equal(document.auth_info_1?.domain, 'other.example');
    assert.equal(document.proxy_1?.idkey, 'external_account');
  });

  test('has the external account as the next proxy, with its credentials after those of the account', async () => {
    await t.setSpace({ algorithms: ['SHA-256', 'MD5'] });
    const document = await withExternal({}, { display_name: 'Alice' });
    assert.deepEqual(Object.keys(document), [
      'misc',
      'proxy_0',
      'auth_info_0',
      'auth_info_1',
      'proxy_1',
      'auth_info_2',
      'auth_info_3',
    ]);
    assert.deepEqual(document.proxy_1, {
      reg_identity: '"Alice" <sip:ext@other.example>',
      reg_proxy: '<sip:other.example;transport=tls>',
      reg_route: '',
      reg_sendregister: '1',
      realm: 'other.example',
      refkey: 'push_notification',
      idkey: 'external_account',
      depends_on: '',
    });
    const shape = ({ ha1: _, ...rest }: Record<string, string> = {}) => rest;
    const common = { username: 'ext', userid: '', passwd: '', realm: 'other.example' };
    assert.deepEqual(shape(document.auth_info_2), { ...common, domain: 'other.example', algorithm: 'SHA-256' });
    assert.deepEqual(shape(document.auth_info_3), { ...common, domain: 'md5.invalid', algorithm: 'MD5' });
    assert.equal(document.proxy_0?.depends_on, '');
  });

  const externals: readonly [object, Record<string, string>][] = [
    [{ protocol: 'UDP' }, { reg_proxy: '<sip:other.example;transport=udp>' }],
    [{ protocol: 'TCP', registrar: 'reg.example' }, { reg_proxy: '<sip:reg.example;transport=tcp>' }],
    [{ registrar: 'reg.example:5062' }, { reg_proxy: '<sip:reg.example:5062;transport=tls>' }],
    [{ registrar: 'sip:reg.example' }, { reg_proxy: '<sip:reg.example;transport=tls>' }],
    [{ registrar: 'SIP:reg.example' }, { reg_proxy: '<sip:reg.example;transport=tls>' }],
    [{ registrar: 'sip:reg.example;transport=tcp' }, { reg_proxy: '<sip:reg.example;transport=tcp>' }],
    [{ registrar: 'sip:reg.example;Transport=TCP' }, { reg_proxy: '<sip:reg.example;Transport=TCP>' }],
    [{ registrar: 'reg.example;transport=tcp' }, { reg_proxy: '<sip:reg.example;transport=tcp>' }],
    [{ registrar: 'sip:[2001:db8::1]:5061' }, { reg_proxy: '<sip:[2001:db8::1]:5061;transport=tls>' }],
    [{ outbound_proxy: 'edge.example', protocol: 'TCP' }, { reg_route: '<sip:edge.example;transport=tcp>' }],
    [{ outbound_proxy: 'sip:edge.example:5060;lr' }, { reg_route: '<sip:edge.example:5060;lr;transport=tls>' }],
    [{ realm: 'Other' }, { realm: 'Other' }],
    [{ username: 'a b' }, { reg_identity: '<sip:a%20b@other.example>' }],
  ];
  for (const [external, entries] of externals) {
    test(`an external account with ${JSON.stringify(external)} has ${Object.values(entries)[0]}`, async () => {
      const document = await withExternal(external);
      for (const [name, value] of Object.entries(entries)) assert.equal(document.proxy_1?.[name], value);
      if ('realm' in external) assert.equal(document.auth_info_1?.realm, 'Other');
      if ('username' in external) assert.equal(document.auth_info_1?.username, 'a b');
    });
  }

  test('has a different user name for authentication as `userid`, beside that of the address', async () => {
    const document = await withExternal({ auth_username: 'x7kQ2', algorithm: 'MD5', realm: '3CXPhoneSystem' });
    assert.equal(document.proxy_1?.reg_identity, '<sip:ext@other.example>');
    const { username, userid, ha1 } = document.auth_info_1 ?? {};
    const expected = computeHa1('MD5', 'x7kQ2', '3CXPhoneSystem', 'outside');
    assert.deepEqual([username, userid, ha1], ['ext', 'x7kQ2', expected]);
    assert.equal(document.auth_info_0?.userid, '');
  });

  test('makes the account depend on the external one only if the space says so and there is one', async () => {
    await t.setSpace({ depend_on_external: true });
    assert.equal((await withExternal()).proxy_0?.depends_on, 'external_account');
    assert.equal((await make()).document.proxy_0?.depends_on, '');
  });

  const policies: readonly ['once' | 'every-start' | 'client', Record<string, string>, Record<string, string>][] = [
    ['once', { transient_provisioning: '1' }, { transient_provisioning: '1' }],
    ['every-start', { transient_provisioning: '0', 'config-uri': `${me}?device=ID` }, { transient_provisioning: '1' }],
    ['client', {}, {}],
  ];
  for (const [refetch, inAccount, inBase] of policies) {
    test(`tells the phone when to fetch again, with refetch ${refetch}`, async () => {
      await t.setSpace({ refetch });
      const { 'contacts-vcard-list': _, ...misc } = (await make()).document.misc ?? {};
      const address = misc['config-uri']?.replace(/=\w{22}$/, '=ID');
      assert.deepEqual(address === undefined ? misc : { ...misc, 'config-uri': address }, inAccount);
      const { 'contacts-vcard-list': __, ...baseMisc } = (await base()).misc ?? {};
      assert.deepEqual(baseMisc, inBase);
    });
  }

  for (const entry of ['config-uri=https://elsewhere.test/p', 'config-uri-header_0=X-A:b']) {
    test(`never has transient_provisioning together with ${entry}`, async () => {
      for (const refetch of ['once', 'every-start', 'client'] as const) {
        await t.setSpace({ refetch, linphonerc: `[misc]\n${entry}\n` });
        for (const document of [await base(), (await make()).document]) {
          assert.notEqual(document.misc?.transient_provisioning, '1', refetch);
        }
      }
    });
  }

  test('may have transient_provisioning together with an empty config-uri', async () => {
    await t.setSpace({ linphonerc: '[misc]\nconfig-uri=\n' });
    assert.equal((await base()).misc?.transient_provisioning, '1');
  });

  test('has entries of the layers that overwrite as the space says, and others that always overwrite', async () => {
    setInstance('[sip]\na=1\n[proxy_0]\nreg_expires=60\nrefkey=x\n[misc]\nown=1\n');
    await t.setSpace({ overwrite_all: false, linphonerc: '[ui]\ntheme=dark\n' });
    const { document } = await make();
    assert.deepEqual(document.sip, { a: '1 (seeded)' });
    assert.deepEqual(document.ui, { theme: 'dark (seeded)' });
    assert.equal(document.proxy_0?.reg_expires, '60 (seeded)');
    assert.equal(document.proxy_0?.refkey, 'push_notification');
    assert.deepEqual(document.misc, {
      own: '1 (seeded)',
      'contacts-vcard-list': cards,
      transient_provisioning: '1',
    });
  });

  test('has entries that do not overwrite if they match a seeded pattern', async () => {
    await t.setSpace({
      linphonerc: '[sip]\na=1\nb=2\n[ui]\ntheme=dark\nlang=fr\n',
      seeded: ['ui/*', 'sip/b', 'proxy_0/*'],
    });
    const { document } = await make();
    assert.deepEqual(document.sip, { a: '1', b: '2 (seeded)' });
    assert.deepEqual(document.ui, { theme: 'dark (seeded)', lang: 'fr (seeded)' });
    assert.equal(document.proxy_0?.reg_sendregister, '1');
  });

  test('has the host of the space instead of that of the public URL', async () => {
    await t.setSpace({ host: 'phones.example.test', refetch: 'every-start' });
    const { document } = await make();
    assert.equal(document.misc?.['contacts-vcard-list'], 'https://phones.example.test/contacts/vcard');
    assert.match(
      document.misc?.['config-uri'] ?? '',
      /^https:\/\/phones\.example\.test\/provisioning\/me\?device=\w{22}$/,
    );
    await t.setSpace({ host: 'phones.example.test:8443' });
    assert.equal(
      (await base({ host: 'phones.example.test:8443' })).misc?.['contacts-vcard-list'],
      'https://phones.example.test:8443/contacts/vcard',
    );
  });

  test('has the base document of the space whose host was addressed, or of the first space, and never contains the Host header', async () => {
    await t.api('POST', '/api/spaces', {
      domain: 'hosted.example.test',
      host: 'hosted.example.test',
      linphonerc: '[ui]\nhosted=1\n',
    });
    for (const host of ['hosted.example.test', 'HOSTED.example.test:443']) {
      assert.deepEqual((await base({ host })).ui, { hosted: '1' }, host);
    }
    for (const host of ['elsewhere.example.test', 'evil"><x', '']) {
      assert.deepEqual(Object.keys(await base({ host })), ['misc'], host);
      assert.equal((await base({ host })).misc?.['contacts-vcard-list'], cards);
    }
  });

  test("is that of the token's space, whatever host was addressed", async () => {
    await t.setSpace({ linphonerc: '[ui]\nfirst=1\n' });
    const account = await t.makeAccount();
    const { body } = await t.server.inject({
      url: `/provisioning/${await t.makeToken(account)}`,
      headers: { host: 'hosted.example.test' },
    });
    assert.deepEqual(plain(parseDocument(body)).ui, { first: '1' });
  });

  test('soon follows a changed linphonerc file, but not one with mistakes', async () => {
    writeFileSync(`${file}.new`, '[ui]\nnow=1\n');
    renameSync(`${file}.new`, file);
    assert.ok(await waitUntil(async () => (await base()).ui?.now === '1'));
    writeFileSync(`${file}.new`, '[ui]\nbroken\n');
    renameSync(`${file}.new`, file);
    assert.ok(await waitUntil(() => t.logged().includes('linphonerc:2')));
    assert.equal((await base()).ui?.now, '1');
  });
});
