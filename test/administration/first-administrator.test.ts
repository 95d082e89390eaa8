import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueSetupLink, makeFirstAdministrator } from '../../src/administration/first-administrator.ts';
import type { Environment } from '../../src/config/load-config.ts';
import { AppError } from '../../src/errors.ts';
import { openTestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';

const browser = { address: '192.0.2.1', agent: 'test' };
const wish = { username: 'root', password: 'long secret', browser };

forEachDatabase('the first administrator', (makeUrl) => {
  const open = async (environment: Environment = {}) => {
    const t = await openTestApp(await makeUrl(), environment);
    await t.app.database.deleteFrom('accounts').execute();
    const link = (await issueSetupLink(t.app)) ?? assert.fail('no link');
    return { t, token: link.slice(link.lastIndexOf('/') + 1) };
  };

  test('can give the space a domain, which is stored in lower case', async () => {
    const { t, token } = await open();
    const { space, account } = await makeFirstAdministrator(t.app, token, { ...wish, domain: 'SIP.Example.COM' });
    assert.deepEqual([space.domain, account.spaceId], ['sip.example.com', space.id]);
    assert.equal(t.app.spaces.first.domain, 'sip.example.com');
    await t.close();
  });

  test('cannot give the space another domain than that of the settings', async () => {
    const { t, token } = await open({ RINGUP_SIP_DOMAIN: 'sip.example.test' });
    const before = await dumpDatabase(t.app.database);
    await assert.rejects(
      makeFirstAdministrator(t.app, token, { ...wish, domain: 'sip.example.com' }),
      (error) => error instanceof AppError && error.code === 'domain-fixed',
    );
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    await makeFirstAdministrator(t.app, token, { ...wish, domain: 'SIP.example.test' });
    await t.close();
  });
});
