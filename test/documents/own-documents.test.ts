import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadKeyCatalogue } from '../../src/lpconfig/key-catalogue.ts';
import { lintDocument } from '../../src/lpconfig/lint-document.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { parseDocument } from '../support/xml.ts';

const catalogue = await loadKeyCatalogue();

forEachDatabase('a document of the server', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const lint = async (url: string, audience: 'everybody' | 'account') => {
    const { body } = await t.server.inject({ url, headers: { 'x-linphone-provisioning': '1' } });
    const document = parseDocument(body);
    assert.ok(document.size > 0);
    return { document, findings: lintDocument(document, { catalogue, audience }) };
  };

  for (const refetch of ['once', 'every-start', 'client'] as const) {
    for (const algorithms of [['SHA-256'], ['MD5'], ['SHA-256', 'MD5']] as ('SHA-256' | 'MD5')[][]) {
      test(`has no findings with ${refetch} and ${algorithms.join(', ')}`, async () => {
        await t.setSpace({ refetch, algorithms, depend_on_external: true });
        assert.deepEqual((await lint('/provisioning', 'everybody')).findings, []);

        const plain = await t.makeAccount({ display_name: 'Zoë "Z" <Müller>' });
        const own = await lint(`/provisioning/${await t.makeToken(plain)}`, 'account');
        assert.deepEqual(own.findings, []);

        const external = { username: 'trunk', domain: 'carrier.example', password: 'outside', protocol: 'TCP' };
        const account = await t.makeAccount();
        assert.equal((await t.api('POST', `/api/accounts/${account.id}/external`, external)).status, 201);
        const both = await lint(`/provisioning/${await t.makeToken(account)}`, 'account');
        assert.ok(both.document.has('proxy_1'));
        assert.deepEqual(both.findings, []);
      });
    }
  }
});
