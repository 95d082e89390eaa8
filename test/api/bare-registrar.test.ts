import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachTerminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openPanel } from '../support/panel.ts';

forEachDatabase('a registrar that is only an IPv4 address', (makeUrl) => {
  test('is stored as a SIP URI by the API and the panel', async (context) => {
    const { t, browser } = await openPanel(await makeUrl());
    context.after(() => t.close());
    const made = await t.api('POST', '/api/spaces', { domain: 'one.example.test', registrar: '192.0.2.1' });
    assert.deepEqual([made.status, made.json.registrar], [201, 'sip:192.0.2.1'], made.text);
    const changed = await t.api('PUT', '/api/spaces/one.example.test', { registrar: '192.0.2.2' });
    assert.deepEqual([changed.status, changed.json.registrar], [200, 'sip:192.0.2.2'], changed.text);
    const form = { domain: 'two.example.test', registrar: '192.0.2.3' };
    assert.equal((await browser.post('/admin/spaces/new', form)).status, 303);
    assert.equal(t.app.spaces.getByDomain('two.example.test').registrar, 'sip:192.0.2.3');
    const settings = '/admin/spaces/two.example.test/settings';
    assert.equal((await browser.post(settings, { registrar: '192.0.2.4' })).status, 303);
    assert.equal(t.app.spaces.getByDomain('two.example.test').registrar, 'sip:192.0.2.4');
    const cleared = await t.api('PUT', '/api/spaces/one.example.test', { registrar: null });
    assert.equal(cleared.json.registrar, 'sip:one.example.test;transport=tls', cleared.text);
  });

  test('is refused with a port, which says what to write', async (context) => {
    const { t } = await openPanel(await makeUrl());
    context.after(() => t.close());
    const wish = { domain: 'one.example.test', registrar: '192.0.2.1:5070' };
    const { status, json, text } = await t.api('POST', '/api/spaces', wish);
    assert.equal(status, 422, text);
    assert.match(json.errors.registrar[0], /sip:192\.0\.2\.1:5070/);
  });
});

forEachTerminal('commands', (open) => {
  test('store a registrar that is only an IPv4 address as a SIP URI', async () => {
    const ringup = await open();
    const added = await ringup('space add one.example.test --registrar 192.0.2.1 --json');
    assert.equal(added.json.registrar, 'sip:192.0.2.1', added.err);
    const set = await ringup('space set one.example.test registrar=192.0.2.2 --json');
    assert.equal(set.json.registrar, 'sip:192.0.2.2', set.err);
  });
});
