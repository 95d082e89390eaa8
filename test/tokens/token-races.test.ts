import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const rounds = 30;
const hour = 3_600_000;
/** What the test's hooks file calls while a document is being built. */
const slot = 'ringupTestWhileBuildingForToken';

function whileBuilding(work: () => unknown): void {
  Reflect.set(globalThis, slot, work);
}

forEachDatabase('a token that is used, extended and revoked at the same time', (makeUrl) => {
  /** Phones ask this one. */
  let t: TestApp;
  /** Administrators ask the other one: a process of its own, as commands are. */
  let office: TestApp;
  before(async () => {
    const hooks = join(tempDirectory(), 'hooks.ts');
    writeFileSync(hooks, `export default { proxy: () => Reflect.get(globalThis, '${slot}')?.() };\n`);
    const url = await makeUrl();
    t = await openTestApp(url, { RINGUP_HOOKS: hooks });
    office = await openTestApp(url);
  });
  after(async () => {
    await office.close();
    await t.close();
  });
  afterEach(() => whileBuilding(() => {}));

  /** Whether the answer holds the account. */
  const fetched = (secret: string): Promise<boolean> => fetchedBy(`/provisioning/${secret}`);
  const fetchedBy = async (url: string): Promise<boolean> => {
    const answer = await t.server.inject({ url });
    assert.ok([200, 404, 503].includes(answer.statusCode), String(answer.statusCode));
    return answer.body.includes('auth_info_0');
  };
  const issued = async (lifetimeMs?: number): Promise<{ account: Account; secret: string; url: string }> => {
    const account = await t.makeAccount();
    const secret = await t.makeToken(account, lifetimeMs);
    const [{ id }] = (await t.api('GET', `/api/accounts/${account.id}/tokens`)).json;
    return { account, secret, url: `/api/accounts/${account.id}/tokens/${id}` };
  };
  const revoke = (url: string) => office.api('DELETE', url);
  const extend = (url: string) => office.api('PUT', url, { lifetime: '2h' });
  const count = (documents: readonly boolean[]) => documents.filter(Boolean).length;

  test('gives one document if revoking came too late, and otherwise none', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { secret, url } = await issued(hour);
      const phones = () => [fetched(secret), fetched(secret)];
      // Revoked now before, now between and now after the phones.
      const early = round % 3 === 0 ? [] : phones();
      const revoked = revoke(url);
      const work = [...early, ...(round % 3 === 1 ? [] : phones())];
      const extended = extend(url);
      const { status, json } = await revoked;
      assert.equal(status, 200);
      assert.equal(await fetched(secret), false, 'answered after the answer that it is revoked');
      assert.ok([200, 409].includes((await extended).status));
      assert.equal(count(await Promise.all(work)), json.state === 'used' ? 1 : 0, `${json.state} in round ${round}`);
      assert.equal((await extend(url)).status, 409);
      assert.ok(['used', 'revoked'].includes(json.state), json.state);
    }
  });

  test('gives one document however often it is extended meanwhile', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { secret, url } = await issued(hour);
      const changes = [extend(url), extend(url)];
      const documents = await Promise.all([fetched(secret), fetched(secret), fetched(secret)]);
      for (const { status } of await Promise.all(changes)) assert.ok(status === 200 || status === 409);
      // Nobody has it only where the changes kept everybody off: then the next one gets it.
      assert.equal(count([...documents, await fetched(secret)]), 1);
      assert.equal((await extend(url)).status, 409);
    }
  });

  test('gives one document after it had expired and was extended, and none before', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { secret, url } = await issued(1);
      t.advance(2);
      const early = [fetched(secret), fetched(secret)];
      assert.equal((await extend(url)).status, 200);
      const late = [fetched(secret), fetched(secret)];
      assert.equal(count(await Promise.all([...early, ...late])), 1);
    }
  });

  test('stays revoked, whichever of extending and revoking comes first', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { secret, url } = await issued(hour);
      const [first, second] = round % 2 === 0 ? [revoke, extend] : [extend, revoke];
      const answers = await Promise.all([first(url), second(url)]);
      for (const { status } of answers) assert.ok(status === 200 || status === 409);
      assert.equal((await revoke(url)).json.state, 'revoked');
      assert.equal(await fetched(secret), false);
    }
  });

  test('gives no document when an auth token becomes an API key while the document is built', async () => {
    const account = await t.makeAccount({ activated: true });
    const key = (await t.api('POST', `/api/accounts/${account.id}/api_keys`, {})).json.api_key;
    const { token } = (await t.api('POST', '/api/accounts/auth_token')).json;
    const attach = { url: `/api/accounts/auth_token/${token}/attach`, headers: { 'x-api-key': key } };
    assert.equal((await t.server.inject(attach)).statusCode, 200);
    const keys: number[] = [];
    whileBuilding(async () => keys.push((await office.server.inject(`/api/accounts/me/api_key/${token}`)).statusCode));
    assert.equal(count([await fetchedBy(`/provisioning/auth_token/${token}`)]), 0);
    assert.equal(keys[0], 200);
  });

  test('gives nothing when it is revoked while the document is built', async () => {
    const { account, secret, url } = await issued();
    whileBuilding(() => revoke(url));
    assert.equal(await fetched(secret), false);
    const { json } = await t.api('GET', `/api/accounts/${account.id}`);
    assert.equal(json.activated, false);
  });

  test('gives the document if it is extended while its document is built', async () => {
    const { secret, url } = await issued(hour);
    let times = 0;
    whileBuilding(async () => {
      times += 1;
      if (times === 1) await extend(url);
    });
    assert.equal(await fetched(secret), true);
    assert.equal(times, 2);
    assert.equal(await fetched(secret), false);
  });

  test('is not answered again after a lost answer once it is revoked', async () => {
    const { secret, url } = await issued();
    assert.equal(await fetched(secret), true);
    await t.app.database.updateTable('tokens').set({ outcome: 'lost' }).execute();
    assert.equal((await revoke(url)).json.state, 'revoked');
    assert.deepEqual(await Promise.all([fetched(secret), fetched(secret)]), [false, false]);
  });
});
