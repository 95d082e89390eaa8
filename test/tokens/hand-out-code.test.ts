import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { findAccountById } from '../../src/accounts/find-account.ts';
import { blockAccount } from '../../src/administration/block-account.ts';
import { deleteAccount } from '../../src/administration/delete-account.ts';
import { operator } from '../../src/events/actor.ts';
import { handOutSheet } from '../../src/sheets/hand-out-sheet.ts';
import { ensureCode } from '../../src/tokens/ensure-code.ts';
import { handOutCodes } from '../../src/tokens/hand-out-code.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

forEachDatabase('a code that is handed out on paper or by mail', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const handOut = async (account: Account) => {
    const found = (await findAccountById(t.app, String(account.id))) ?? assert.fail();
    return (await handOutCodes(t.app, operator, [found])).get(account.id);
  };
  const kindsSince = async (before: number) => (await changesAfter(t.app, before)).map(({ kind }) => kind);

  test('is the code that is valid, so that a mail sent before continues to work', async () => {
    const account = await t.makeAccount();
    const token = await t.makeToken(account, 3 * dayMs);
    const before = await latestEvent(t.app);
    const code = await handOut(account);
    assert.equal(code?.url, `https://ringup.example.test/provisioning/${token}`);
    assert.equal(code?.expiresAt, t.app.now() + 3 * dayMs);
    assert.deepEqual(await kindsSince(before), []);
  });

  test('is extended to the lifetime of the space if less than a day of it is left', async () => {
    await t.setSpace({ token_lifetime: '5d' });
    const account = await t.makeAccount();
    const token = await t.makeToken(account, 23 * hourMs);
    const before = await latestEvent(t.app);
    const code = await handOut(account);
    assert.equal(code?.url, `https://ringup.example.test/provisioning/${token}`);
    assert.equal(code?.expiresAt, t.app.now() + 5 * dayMs);
    assert.deepEqual(await kindsSince(before), ['token-extended']);
    assert.equal((await handOut(account))?.expiresAt, code?.expiresAt);
  });

  test('is not shortened if the lifetime of the space is shorter', async () => {
    await t.setSpace({ token_lifetime: '1h' });
    const account = await t.makeAccount();
    await t.makeToken(account, 5 * hourMs);
    assert.equal((await handOut(account))?.expiresAt, t.app.now() + 5 * hourMs);
    await t.setSpace({ token_lifetime: null });
  });

  test('is made once if many pages need one at the same time, and never for a blocked account', async () => {
    const account = await t.makeAccount();
    const found = (await findAccountById(t.app, String(account.id))) ?? assert.fail();
    const before = await latestEvent(t.app);
    await Promise.all(Array.from({ length: 8 }, () => ensureCode(t.app, operator, found)));
    assert.deepEqual(await kindsSince(before), ['token-issued']);
    const blocked = await t.makeAccount();
    await blockAccount(t.app, operator, blocked, { revokeDevices: false });
    const latest = await latestEvent(t.app);
    await ensureCode(t.app, operator, { ...found, account: blocked });
    assert.deepEqual(await kindsSince(latest), []);
  });

  test('is created if none is valid', async () => {
    const account = await t.makeAccount();
    await t.makeToken(account, hourMs);
    t.advance(2 * hourMs);
    const before = await latestEvent(t.app);
    const code = await handOut(account);
    assert.deepEqual(await kindsSince(before), ['token-issued']);
    const page = await t.server.inject({ url: new URL(code?.url ?? '').pathname, headers: { accept: 'text/html' } });
    assert.match(page.body, /linphone-config:/);
  });

  test('is not made for an account that is blocked', async () => {
    const account = await t.makeAccount();
    await blockAccount(t.app, operator, account, { revokeDevices: false });
    const before = await latestEvent(t.app);
    assert.equal(await handOut(account), undefined);
    assert.deepEqual(await kindsSince(before), []);
  });

  test('is created for all others on a sheet if one account is blocked or deleted meanwhile', async () => {
    const accounts = [await t.makeAccount(), await t.makeAccount(), await t.makeAccount(), await t.makeAccount()];
    const [first, blocked, deleted, last] = accounts;
    assert.ok(first && blocked && deleted && last);
    const read = accounts.map((account) => ({ account, space: t.app.spaces.first }));
    await blockAccount(t.app, operator, blocked, { revokeDevices: false });
    await deleteAccount(t.app, operator, deleted);
    const codes = await handOutCodes(t.app, operator, read);
    assert.deepEqual([...codes.keys()], [first.id, last.id]);
    assert.deepEqual((await handOutSheet(t.app, operator, [read])).ids, [first.id, blocked.id, last.id]);
  });

  test('is handed out on a sheet up to its limit, and the sheet says whether more accounts follow', async () => {
    const accounts = [await t.makeAccount(), await t.makeAccount(), await t.makeAccount()];
    const found = accounts.map((account) => ({ account, space: t.app.spaces.first }));
    const ids = accounts.map(({ id }) => id);
    for (const [limits, at, more] of [
      [{ max: 2 }, [0, 2], true],
      [{ max: 3 }, [0, 3], false],
      [{ max: Infinity }, [0, 3], false],
    ] as const) {
      for (const groups of [[found], found.map((each) => [each])]) {
        const sheet = await handOutSheet(t.app, operator, groups, limits);
        assert.deepEqual([sheet.ids, sheet.hasMore], [ids.slice(...at), more], JSON.stringify(limits));
      }
    }
  });

  test('is the same for all who hand it out at once', async () => {
    const account = await t.makeAccount();
    const codes = await Promise.all(Array.from({ length: 6 }, () => handOut(account)));
    assert.equal(new Set(codes.map((code) => code?.url)).size, 1);
  });
});
