import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestApp } from '../support/app.ts';
import { forEachTerminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('a domain in upper case', (makeUrl) => {
  test('is accepted for spaces, accounts and external accounts, and stored in lower case', async (t) => {
    const { api, close } = await openTestApp(await makeUrl());
    t.after(close);
    const space = await api('POST', '/api/spaces', { domain: 'PBX.Example.Test' });
    assert.deepEqual([space.status, space.json.domain], [201, 'pbx.example.test'], space.text);
    const twice = await api('POST', '/api/spaces', { domain: 'pbx.EXAMPLE.test' });
    assert.equal(twice.status, 422, 'the same space');
    const account = await api('POST', '/api/accounts', {
      username: 'alice',
      domain: 'PBX.example.test',
      password: 'secret',
    });
    assert.deepEqual([account.status, account.json.domain], [200, 'pbx.example.test'], account.text);
    const external = await api('POST', `/api/accounts/${account.json.id}/external`, {
      username: '200',
      domain: 'SIP.Provider.Example',
      password: 'secret',
      protocol: 'UDP',
    });
    assert.equal(external.status, 201, external.text);
    assert.equal(external.json.domain, 'sip.provider.example');
    const same = await api('PUT', '/api/spaces/PBX.example.test', { domain: 'Pbx.Example.Test' });
    assert.deepEqual([same.status, same.json.domain], [200, 'pbx.example.test'], 'nothing to confirm');
  });
});

forEachTerminal('commands', (open) => {
  test('accept a domain in upper case for spaces and accounts', async () => {
    const ringup = await open({ RINGUP_SIP_DOMAIN: 'SIP.Example.TEST' });
    const added = await ringup('space add PBX.Example.Test --json');
    assert.equal(added.json.domain, 'pbx.example.test', added.err);
    const account = await ringup('account add alice@PBX.example.TEST --json');
    assert.equal(account.json.domain, 'pbx.example.test', account.err);
    const first = await ringup('account add bob --json');
    assert.equal(first.json.domain, 'sip.example.test', first.err);
  });
});
