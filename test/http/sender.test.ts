import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('behind a trusted proxy', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), { RINGUP_TRUSTED_PROXIES: '127.0.0.1' });
  });
  after(() => t.close());

  const eventOf = async (forwardedFor: string) => {
    const account = await t.makeAccount();
    await t.server.inject({
      url: `/provisioning/${await t.makeToken(account)}`,
      headers: { 'x-forwarded-for': forwardedFor },
    });
    const { data } = (await t.api('GET', `/api/accounts/${account.id}/events`)).json;
    return data.find(({ kind }: { kind: string }) => kind === 'fetched');
  };

  test('the timeline and the log show the address that the proxy names, without the port', async () => {
    assert.equal((await eventOf('203.0.113.5:4711')).address, '203.0.113.5');
    assert.match(t.logged(), /"address":"203\.0\.113\.5"/);
    assert.equal((await eventOf('[2001:db8::1]:99')).address, '2001:db8::1');
  });

  test('text that is not an address appears in neither the timeline nor the log', async () => {
    assert.equal((await eventOf('made-up')).address, '127.0.0.1');
    assert.doesNotMatch(t.logged(), /made-up/);
  });

  test('each client has its own limit of auth tokens', async () => {
    const statusFor = async (forwardedFor: string) =>
      (
        await t.server.inject({
          method: 'POST',
          url: '/api/accounts/auth_token',
          headers: { 'x-forwarded-for': forwardedFor },
        })
      ).statusCode;
    for (let count = 0; count < 100; count += 1) assert.equal(await statusFor('203.0.113.5'), 201);
    assert.equal(await statusFor('203.0.113.5'), 429);
    assert.equal(await statusFor('203.0.113.6'), 201);
  });

  test('a listener on :: recognizes IPv4 addresses, including that of the proxy', async () => {
    const { port } = new URL(await t.server.listen({ port: 0, host: '::' }));
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const headers = { 'x-forwarded-for': '203.0.113.77' };
    await (await fetch(`http://127.0.0.1:${port}/provisioning/${token}`, { headers })).text();
    assert.match(t.logged(), /"address":"203\.0\.113\.77"/);
    await (await fetch(`http://127.0.0.1:${port}/api/ping`)).text();
    assert.doesNotMatch(t.logged(), /::ffff:/);
  });
});
