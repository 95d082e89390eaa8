import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { getAccount } from '../../src/accounts/account-store.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { parseDocument } from '../support/xml.ts';

const rounds = 30;
/** What the test's hooks file calls while a document is being built. */
const slot = 'ringupTestWhileBuilding';

function whileBuilding(work: () => unknown): void {
  Reflect.set(globalThis, slot, work);
}

forEachDatabase('using a token up while the account changes', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    const hooks = join(tempDirectory(), 'hooks.ts');
    writeFileSync(hooks, `export default { proxy: () => Reflect.get(globalThis, '${slot}')?.() };\n`);
    t = await openTestApp(await makeUrl(), { RINGUP_HOOKS: hooks });
  });
  after(() => t.close());
  afterEach(() => whileBuilding(() => {}));

  const redeem = (token: string, query = '') => t.server.inject({ url: `/provisioning/${token}${query}` });
  const stored = ({ id }: Account) => getAccount(t.app.database, id);
  const ha1In = (body: string) => parseDocument(body).get('auth_info_0')?.get('ha1')?.value;

  test('a block at the same time is never undone, and no answer comes after it', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const account = await t.makeAccount();
      const token = await t.makeToken(account);
      const [answer, blocked] = await Promise.all([
        redeem(token, '?reset_password'),
        t.api('POST', `/api/accounts/${account.id}/block`),
      ]);
      assert.deepEqual([answer.statusCode, blocked.status], [200, 200]);
      const after = await stored(account);
      assert.notEqual(after.blockedAt, null);
      if (ha1In(answer.body) === undefined) {
        assert.deepEqual([after.activatedAt, after.ha1s], [null, account.ha1s]);
      } else {
        assert.equal(ha1In(answer.body), after.ha1s[0]?.ha1);
        assert.notEqual(after.activatedAt, null);
      }
      assert.equal(ha1In((await redeem(token)).body), undefined);
    }
  });

  test('a deactivation while the document is built ends the token: the phone gets the base document, and nothing changes', async () => {
    const account = await t.makeAccount({ activated: true });
    const token = await t.makeToken(account);
    whileBuilding(() => t.api('POST', `/api/accounts/${account.id}/deactivate`));
    const answer = await redeem(token, '?reset_password');
    whileBuilding(() => {});
    assert.equal(answer.body, (await t.server.inject({ url: '/provisioning' })).body);
    const after = await stored(account);
    assert.deepEqual([after.activatedAt, after.ha1s], [null, account.ha1s]);
  });

  test('a change while the document is built is in the answer, because the document is built again', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    let times = 0;
    whileBuilding(async () => {
      times += 1;
      if (times === 1) await t.api('PUT', `/api/accounts/${account.id}`, { display_name: 'New', password: 'renewed' });
    });
    const answer = await redeem(token);
    assert.equal(times, 2);
    assert.match(parseDocument(answer.body).get('proxy_0')?.get('reg_identity')?.value ?? '', /^"New" /);
    assert.equal(ha1In(answer.body), (await stored(account)).ha1s[0]?.ha1);
    assert.notEqual(ha1In(answer.body), account.ha1s[0]?.ha1);
  });

  test('an account that changes three times in a row returns 503, nothing is used up, and the next try succeeds', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    let times = 0;
    whileBuilding(async () => {
      times += 1;
      await t.api('PUT', `/api/accounts/${account.id}`, { display_name: `Name ${times}` });
    });
    const answer = await redeem(token, '?reset_password');
    whileBuilding(() => {});
    assert.equal(answer.statusCode, 503);
    assert.equal(answer.headers['retry-after'], '1');
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(times, 3);
    const after = await stored(account);
    assert.deepEqual([after.activatedAt, after.ha1s], [null, account.ha1s]);
    assert.equal(ha1In((await redeem(token)).body), account.ha1s[0]?.ha1);
  });

  test('a newer token issued while the document is built ends the older one', async () => {
    const account = await t.makeAccount();
    const older = await t.makeToken(account);
    let newer = '';
    whileBuilding(async () => {
      newer = newer || (await t.makeToken(await stored(account)));
    });
    assert.equal(ha1In((await redeem(older)).body), undefined);
    whileBuilding(() => {});
    assert.equal(ha1In((await redeem(newer)).body), account.ha1s[0]?.ha1);
  });

  test('a token is answered like an unknown one if its account is deleted while the document is built', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    const { revisions: _, ...before } = await dumpDatabase(t.app.database);
    const brief = await t.makeAccount();
    const briefToken = await t.makeToken(brief);
    whileBuilding(() => t.api('DELETE', `/api/accounts/${brief.id}`));
    assert.equal(ha1In((await redeem(briefToken)).body), undefined);
    whileBuilding(() => {});
    const { revisions: __, ...after } = await dumpDatabase(t.app.database);
    assert.deepEqual(after, before);
    assert.notEqual(ha1In((await redeem(token)).body), undefined);
  });

  test('a phone gets the stored password if a new password meets reset_password, unless a later one replaced it', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const account = await t.makeAccount();
      const token = await t.makeToken(account);
      const [answer, changed] = await Promise.all([
        redeem(token, '?reset_password'),
        t.api('PUT', `/api/accounts/${account.id}`, { password: 'chosen' }),
      ]);
      assert.deepEqual([answer.statusCode, changed.status], [200, 200]);
      assert.notEqual(ha1In(answer.body), account.ha1s[0]?.ha1);
      assert.notEqual((await stored(account)).activatedAt, null);
    }
  });

  test('issuing a token and using one at the same time leaves at most one valid token', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const account = await t.makeAccount();
      const older = await t.makeToken(account);
      const [answer, issued] = await Promise.all([
        redeem(older),
        t.api('POST', `/api/accounts/${account.id}/provision`),
      ]);
      assert.deepEqual([answer.statusCode, issued.status], [200, 200]);
      assert.equal(ha1In((await redeem(older)).body), undefined);
      assert.notEqual(ha1In((await redeem(issued.json.provisioning_token)).body), undefined);
    }
  });
});
