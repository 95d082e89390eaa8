import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestApp } from '../support/app.ts';
import { forEachTerminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { openPanel } from '../support/panel.ts';

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

  test('is accepted as the host of a space, and stored in lower case', async (context) => {
    const { t, browser } = await openPanel(await makeUrl());
    context.after(() => t.close());
    const made = await t.api('POST', '/api/spaces', { domain: 'pbx.example.test', host: 'Ringup.Example.Test:8443' });
    assert.deepEqual([made.status, made.json.host], [201, 'ringup.example.test:8443'], made.text);
    const changed = await t.api('PUT', '/api/spaces/pbx.example.test', { host: 'Phones.Example.TEST' });
    assert.deepEqual([changed.status, changed.json.host], [200, 'phones.example.test'], changed.text);
    assert.equal(t.app.spaces.forHost('phones.example.test').domain, 'pbx.example.test');
    const before = await latestEvent(t.app);
    t.advance(10 * 60_000);
    const settings = '/admin/spaces/pbx.example.test/settings';
    assert.equal((await browser.post(settings, { host: 'phones.EXAMPLE.test' })).status, 303, 'no password is needed');
    assert.deepEqual(await changesAfter(t.app, before), [], 'it is the same host');
    const cleared = await t.api('PUT', '/api/spaces/pbx.example.test', { host: null });
    assert.deepEqual([cleared.status, cleared.json.host], [200, null], cleared.text);
  });
});

forEachTerminal('commands', (open) => {
  test('accept a domain in upper case for spaces and accounts', async () => {
    const ringup = await open({ RINGUP_SIP_DOMAIN: 'SIP.Example.TEST' });
    const added = await ringup('space add PBX.Example.Test --json');
    assert.equal(added.json.domain, 'pbx.example.test', added.err);
    const set = await ringup('space set pbx.example.test host=Ringup.Example.com --json');
    assert.equal(set.json.host, 'ringup.example.com', set.err);
    const account = await ringup('account add alice@PBX.example.TEST --json');
    assert.equal(account.json.domain, 'pbx.example.test', account.err);
    const first = await ringup('account add bob --json');
    assert.equal(first.json.domain, 'sip.example.test', first.err);
  });
});
