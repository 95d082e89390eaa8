import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { getAccount } from '../../src/accounts/account-store.ts';
import { dialectOf } from '../../src/storage/dialect.ts';
import { openTestApp } from '../support/app.ts';
import { environmentOf } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { startServe } from '../support/serve.ts';
import { parseDocument } from '../support/xml.ts';

/** After this long a silent node of a shared database counts as gone. */
const silenceMs = 16_000;

forEachDatabase('a server that is killed', (makeUrl) => {
  const stops: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const stop of stops) await stop();
  });

  test('loses nothing that it acknowledged, and repeats answers that it did not finish', async () => {
    const url = await makeUrl();
    const embedded = dialectOf(url) === 'sqlite';
    const environment = environmentOf(url);
    const setup = await openTestApp(url);
    stops.push(() => setup.close());
    const accounts = await Promise.all(Array.from({ length: 40 }, () => setup.makeAccount()));
    const tokens = [];
    for (const account of accounts) tokens.push(await setup.makeToken(account));

    const first = await startServe(environment);
    const acknowledged = new Map<number, string>();
    const asking = tokens.map(async (token, index) => {
      const answer = await fetch(`${first.url}/provisioning/${token}?reset_password`);
      const text = await answer.text();
      if (answer.ok) acknowledged.set(index, text);
      // Killed in the middle: some answered, some under way, some not begun.
      if (acknowledged.size === 15) await first.kill();
    });
    await Promise.allSettled(asking);
    assert.ok(acknowledged.size >= 15 && acknowledged.size <= 40);

    const ha1InDocument = (xml: string) => parseDocument(xml).get('auth_info_0')?.get('ha1')?.value;
    for (const [index, document] of acknowledged) {
      const account = await getAccount(setup.app.database, accounts[index]?.id ?? 0);
      assert.equal(ha1InDocument(document), account.ha1s[0]?.ha1, 'the password that was answered is the one stored');
    }

    const second = await startServe(environment);
    stops.push(() => second.stop());
    if (!embedded) await sleep(silenceMs);
    const delivered = await setup.app.database
      .selectFrom('tokens')
      .select('account_id')
      .where('kind', '=', 'provisioning')
      .where('outcome', '=', 'delivered')
      .execute();
    const receivers = new Set(delivered.map(({ account_id }) => account_id));
    for (const [index, token] of tokens.entries()) {
      const document = await (await fetch(`${second.url}/provisioning/${token}`)).text();
      if (receivers.has(accounts[index]?.id ?? 0)) {
        // On a busy machine, some were answered so long before the kill that their delivery was stored.
        assert.ok(acknowledged.has(index), `token ${index} was delivered`);
        assert.doesNotMatch(document, /auth_info_0/, `token ${index} is not answered again`);
        continue;
      }
      const account = await getAccount(setup.app.database, accounts[index]?.id ?? 0);
      assert.equal(ha1InDocument(document), account.ha1s[0]?.ha1, `token ${index} is answered after the restart`);
    }
  });
});
