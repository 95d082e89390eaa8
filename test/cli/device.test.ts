import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestApp } from '../support/app.ts';
import { forEachTerminal } from '../support/cli.ts';

forEachTerminal('ringup device', (open) => {
  test('lists the phones of an account, and revokes one', async () => {
    const ringup = await open();
    const { provisioning_token } = (await ringup('account add alice --json')).json;
    assert.match((await ringup('device list alice')).out, /^This account has no devices\.\n$/);
    const app = await openTestApp(ringup.databaseUrl);
    const headers = { 'user-agent': 'LinphoneiOS/5.2.3 (iPhone)' };
    await app.server.inject({ url: `/provisioning/${provisioning_token}`, headers });
    await app.close();
    assert.match((await ringup('device list alice')).out, /Linphone 5\.2\.3 on iOS \(iPhone\)/);
    const [device] = (await ringup('device list alice --json')).json;
    assert.equal(device.revoked_at, null);
    const { status, out } = await ringup(`device revoke alice ${device.id}`);
    assert.deepEqual(
      [status, out],
      [0, `Revoked Linphone 5.2.3 on iOS (iPhone) (${device.id}) of alice@sip.example.test.\n`],
    );
    const [revoked] = (await ringup('device list alice --json')).json;
    assert.notEqual(revoked.revoked_at, null);
    const again = (await ringup(`device revoke alice ${device.id} --json`)).json;
    assert.equal(again.revoked_at, revoked.revoked_at);
  });

  test('a new password lists the devices that fetch it by their keys, and revokes all devices with --revoke-devices', async () => {
    const ringup = await open();
    const { provisioning_token } = (await ringup('account add alice --json')).json;
    await ringup('space set sip.example.test refetch=every-start');
    const app = await openTestApp(ringup.databaseUrl);
    const headers = { 'user-agent': 'LinphoneiOS/5.2.3 (iPhone)', 'x-linphone-provisioning': '1' };
    await app.server.inject({ url: `/provisioning/${provisioning_token}`, headers });
    const second = (await ringup('token issue alice --json')).json.provisioning_token;
    await app.server.inject({ url: `/provisioning/${second}`, headers: { 'user-agent': 'Unknown' } });
    await app.close();
    const [{ id }] = Object.values((await ringup('device list alice --json')).json) as [{ id: number }];
    const follows = new RegExp(`\\(${id}\\) fetches the new password by its key\\. .*device revoke alice@sip`);
    assert.match((await ringup('account password alice')).out, follows);
    assert.match((await ringup('account set alice password=secret')).err, follows);
    assert.equal((await ringup('account password alice --json')).json.devices[0].revoked_at, null);
    assert.match(
      (await ringup('account set alice display_name=A --revoke-devices')).err,
      /only together with a new pass/,
    );
    const { devices } = (await ringup('account password alice --revoke-devices --json')).json;
    assert.deepEqual(
      devices.map(({ revoked_at: at }: { revoked_at: unknown }) => typeof at),
      ['string', 'string'],
    );
    assert.deepEqual((await ringup('account password alice --json')).json.devices, []);
  });

  test('a blocked account keeps its devices, unless --revoke-devices revokes them too', async () => {
    const ringup = await open();
    const { provisioning_token } = (await ringup('account add alice --json')).json;
    const app = await openTestApp(ringup.databaseUrl);
    const headers = { 'user-agent': 'LinphoneiOS/5.2.3 (iPhone)' };
    await app.server.inject({ url: `/provisioning/${provisioning_token}`, headers });
    await app.close();
    await ringup('account block alice');
    assert.equal((await ringup('device list alice --json')).json[0].revoked_at, null);
    const { out, err } = await ringup('account block alice --revoke-devices');
    assert.match(out, /blocked +yes|blocked.*true/);
    assert.match(err, /^Revoked Linphone 5\.2\.3 on iOS \(iPhone\) \(\d+\)\.\n$/);
    assert.notEqual((await ringup('device list alice --json')).json[0].revoked_at, null);
  });

  for (const id of ['0', 'x', '12345678901']) {
    test(`reports that there is no device ${id}`, async () => {
      const ringup = await open();
      await ringup('account add alice');
      const { status, err } = await ringup(`device revoke alice ${id}`);
      assert.notEqual(status, 0);
      assert.equal(err, `This account has no device "${id}": \`./ringup device list\` shows their ids.\n`);
    });
  }
});
