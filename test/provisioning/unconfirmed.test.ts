import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TestApp } from '../support/app.ts';
import { openAppBehindProxy } from '../support/app-behind-proxy.ts';
import { modern } from '../support/phone.ts';
import { hasPostgres } from '../support/postgres.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

const fates = ['cut answer', 'never arrives', 'swallow answer'] as const;
const accountIn = /auth_info_0/;

describe('a COMMIT that PostgreSQL does not confirm', { skip: !hasPostgres() }, () => {
  let proxy: TcpProxy;
  let t: TestApp;
  let stop: () => Promise<void>;
  before(async () => {
    ({ t, proxy, stop } = await openAppBehindProxy());
  });
  after(() => stop());

  const ask = (code: string) => t.server.inject({ url: `/provisioning/${code}`, headers: modern });
  const outcomeOf = async (accountId: number) => {
    const tokens = t.app.database.selectFrom('tokens').where('account_id', '=', accountId);
    return (await tokens.select('outcome').executeTakeFirstOrThrow()).outcome;
  };
  const kindsOf = async (accountId: number): Promise<string[]> => {
    await t.app.deliveries.flush();
    await t.app.events.flush();
    const { json } = await t.api('GET', `/api/accounts/${accountId}/events`);
    return json.data.map(({ kind }: { kind: string }) => kind);
  };

  for (const fate of fates) {
    test(`uses no code up, and gives nothing twice: ${fate}`, async () => {
      const account = await t.makeAccount();
      const code = await t.makeToken(account);
      proxy.onCommit(fate);
      const first = await ask(code);
      proxy.heal();
      assert.equal(first.statusCode, fate === 'never arrives' ? 503 : 200, first.body);
      const answers = [first, ...(await Promise.all([ask(code), ask(code), ask(code)]))];
      assert.equal(answers.filter(({ body }) => accountIn.test(body)).length, 1);
      assert.ok(
        await waitUntil(
          async () => (await t.app.deliveries.settleAll()) && (await outcomeOf(account.id)) !== 'answering',
        ),
      );
      assert.equal(await outcomeOf(account.id), 'delivered');
      assert.doesNotMatch((await ask(code)).body, accountIn);
      const kinds = await kindsOf(account.id);
      assert.equal(kinds.filter((kind) => kind === 'fetched').length, 1);
      assert.equal(kinds.filter((kind) => kind === 'delivered').length, 1);
    });

    test(`stores a new password that the answer contains: ${fate}`, async () => {
      const account = await t.makeAccount();
      const code = await t.makeToken(account);
      proxy.onCommit(fate);
      const first = await t.server.inject({ url: `/provisioning/${code}?reset_password`, headers: modern });
      proxy.heal();
      const isGiven = accountIn.test(first.body);
      assert.equal(isGiven, fate !== 'never arrives');
      const again = isGiven
        ? first
        : await t.server.inject({ url: `/provisioning/${code}?reset_password`, headers: modern });
      const { ha1_sha256 } = await t.app.database
        .selectFrom('accounts')
        .select('ha1_sha256')
        .where('id', '=', account.id)
        .executeTakeFirstOrThrow();
      assert.ok(ha1_sha256 !== null && again.body.includes(ha1_sha256));
    });
  }

  test('may go unanswered any number of times without burning the code', async () => {
    const account = await t.makeAccount();
    const code = await t.makeToken(account);
    for (let time = 1; time <= 5; time += 1) {
      proxy.onCommit('never arrives');
      assert.equal((await ask(code)).statusCode, 503);
      proxy.heal();
    }
    proxy.onCommit('cut answer');
    const { body } = await ask(code);
    proxy.heal();
    assert.match(body, accountIn);
    const tokens = t.app.database.selectFrom('tokens').where('account_id', '=', account.id);
    assert.equal((await tokens.select('attempts').executeTakeFirstOrThrow()).attempts, 1);
  });
});
