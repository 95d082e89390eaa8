import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createApiKey } from '../../src/access/create-api-key.ts';

import type { Account } from '../../src/accounts/account.ts';
import { findAccountByUsername, getAccount } from '../../src/accounts/account-store.ts';
import { isPasswordOf } from '../../src/accounts/passwords.ts';
import { issueSetupLink } from '../../src/administration/first-administrator.ts';
import { operator } from '../../src/events/actor.ts';
import { hashSecret, randomToken } from '../../src/lib/random-token.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { insertToken } from '../../src/tokens/token-store.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachTerminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { authorize, challengesOf } from '../support/digest-request.ts';
import { openPanel, type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';

const long = 'ten chars.';
const short = 'nine char';
const old = 'administrator';

/** What a request needs in order to be sent with somebody's rights. */
type Send = (method: 'POST' | 'PUT', url: string, body: unknown) => Promise<unknown>;

/** How a caller proves who it is, and whether ten characters are needed then. */
type CallerKind = 'a session' | 'an API key' | 'Digest';
const isBound = (caller: CallerKind) => caller === 'a session';

forEachDatabase('a new password', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
  });
  after(() => t.close());

  const isSet = async (account: Account | undefined, password: string) =>
    account !== undefined && isPasswordOf(await getAccount(t.app.database, account.id), t.app.spaces.first, password);
  const named = (username: string) => findAccountByUsername(t.app.database, t.app.spaces.first.id, username);
  const cookieOf = ({ cookies }: PanelBrowser) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const signedIn = async ({ username }: Account) => {
    const own = panelBrowser(t);
    await own.signIn(username, old);
    return own;
  };
  let count = 0;
  const freshName = () => {
    count += 1;
    return `new${count}`;
  };

  /** Sends as this caller, who is an administrator or the account itself. */
  const senders: Readonly<Record<CallerKind, (account: Account) => Promise<Send>>> = {
    'a session': async (account) => {
      const own = await signedIn(account);
      return (method, url, body) => sendJsonOrTable(method, url, body, { ...sameOrigin, cookie: cookieOf(own) });
    },
    'an API key': async (account) => {
      const { secret } = await createApiKey(t.app, operator, account, { name: 'a program' });
      return (method, url, body) => sendJsonOrTable(method, url, body, { 'x-api-key': secret });
    },
    Digest: async ({ username }) => {
      const from = { from: `sip:${username}@sip.example.test` };
      return async (method, url, body) => {
        const first = await sendJsonOrTable(method, url, body, from);
        const authorization = authorize(challengesOf(first), { username, password: old, method, url });
        return sendJsonOrTable(method, url, body, { ...from, authorization });
      };
    },
  };
  const csv = { 'content-type': 'text/csv' };
  const sendJsonOrTable = (method: 'POST' | 'PUT', url: string, body: unknown, headers: Record<string, string>) => {
    const type = typeof body === 'string' ? csv : { 'content-type': 'application/json' };
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    return t.server.inject({ method, url, headers: { ...headers, ...type }, payload });
  };

  interface Asked {
    readonly send: Send;
    readonly admin: boolean;
    readonly password: string;
  }
  /** Each returns whether the password was set. */
  const doors: Readonly<Record<string, (asked: Asked) => Promise<boolean>>> = {
    'POST /api/accounts': async ({ send, admin, password }) => {
      const username = freshName();
      await send('POST', '/api/accounts', { username, admin, password });
      return isSet(await named(username), password);
    },
    'PUT /api/accounts/:id': async ({ send, admin, password }) => {
      const account = await t.makeAccount({ admin });
      await send('PUT', `/api/accounts/${account.id}`, { password });
      return isSet(account, password);
    },
    'PUT /api/accounts/:id that also promotes': async ({ send, admin, password }) => {
      const account = await t.makeAccount();
      await send('PUT', `/api/accounts/${account.id}`, { password, admin });
      return isSet(account, password);
    },
    'POST /api/accounts/import of a new account': async ({ send, admin, password }) => {
      const username = freshName();
      const table = `username,password,admin\n${username},${password},${admin ? 'yes' : 'no'}\n`;
      await send('POST', '/api/accounts/import?allow_admin=true', table);
      return isSet(await named(username), password);
    },
    'POST /api/accounts/import of one that is there': async ({ send, admin, password }) => {
      const account = await t.makeAccount({ admin });
      const table = `username,password\n${account.username},${password}\n`;
      await send('POST', '/api/accounts/import?allow_admin=true&on_duplicate=update', table);
      return isSet(account, password);
    },
  };

  for (const kind of Object.keys(senders) as CallerKind[]) {
    // Digest has no rights of an administrator.
    for (const [door, open] of Object.entries(kind === 'Digest' ? {} : doors)) {
      test(`an administrator's new password ${isBound(kind) ? 'needs ten' : 'may have nine'} characters if ${kind} sets it by ${door}`, async () => {
        const boss = await t.makeAccount({ admin: true, activated: true, password: old });
        for (const [admin, password] of cases) {
          const isTaken = !(admin && password === short && isBound(kind));
          const send = await senders[kind](boss);
          assert.equal(
            await open({ send, admin, password }),
            isTaken,
            `${admin ? 'administrator' : 'user'} ${password}`,
          );
        }
      });
    }

    test(`an administrator's own password ${isBound(kind) ? 'needs ten' : 'may have nine'} characters if ${kind} sets it by POST /api/accounts/me/password`, async () => {
      for (const [admin, password] of cases) {
        const account = await t.makeAccount({ admin, activated: true, password: old });
        const send = await senders[kind](account);
        await send('POST', '/api/accounts/me/password', { old_password: old, password });
        assert.equal(await isSet(account, password), !(admin && password === short && isBound(kind)));
      }
    });
  }

  /** Pages, and links from mails: people type the password. Each returns whether it was set. */
  const pages: Readonly<Record<string, (admin: boolean, password: string) => Promise<boolean>>> = {
    'the page of an account': async (admin, password) => {
      const account = await t.makeAccount({ admin });
      await browser.post(`/admin/accounts/${account.id}`, { action: 'save', password });
      return isSet(account, password);
    },
    'the page of an account that also promotes': async (admin, password) => {
      const account = await t.makeAccount();
      await browser.post(`/admin/accounts/${account.id}`, { action: 'save', password, admin: String(admin) });
      return isSet(account, password);
    },
    "the reader's own page": async (admin, password) => {
      const account = await t.makeAccount({ admin, activated: true, password: old });
      await (await signedIn(account)).post('/account/password', { old_password: old, password });
      return isSet(account, password);
    },
    'a link from a mail': async (admin, password) => {
      const account = await t.makeAccount({ admin, activated: true });
      await panelBrowser(t).post(`/login/reset/${await resetLinkOf(t, account)}`, { password });
      return isSet(account, password);
    },
    'an import in the panel': async (admin, password) => {
      const username = freshName();
      const text = `username,password,admin\n${username},${password},${admin ? 'yes' : 'no'}\n`;
      const options = { on_duplicate: 'update', allow_admin: 'true' };
      const { location = '' } = await browser.post('/admin/import', { text, ...options });
      await browser.post(location, { action: 'import', ...options });
      return isSet(await named(username), password);
    },
  };
  for (const [page, set] of Object.entries(pages)) {
    test(`an administrator's new password needs ten characters if it is set by ${page}`, async () => {
      for (const [admin, password] of cases) {
        assert.equal(await set(admin, password), !(admin && password === short), `${admin} ${password}`);
      }
    });
  }

  test("an administrator's new password needs as many characters as the space requires, if those are more", async () => {
    await t.setSpace({ password_min_length: 12 });
    const account = await t.makeAccount({ admin: true, password: 'twelve chars' });
    const { html } = await browser.post(`/admin/accounts/${account.id}`, { action: 'save', password: long });
    assert.match(html, /at least 12 characters/);
    await t.setSpace({ password_min_length: 3 });
  });

  test("an administrator's present password may be repeated by a table, however short it is", async () => {
    const { username } = await t.makeAccount({ admin: true, password: short });
    const text = `username,password,admin\n${username},${short},yes\n`;
    const send = async (query: string) => {
      const headers = { ...sameOrigin, cookie: cookieOf(browser), ...csv };
      const url = `/api/accounts/import${query}`;
      return (await t.server.inject({ method: 'POST', url, headers, payload: text })).json();
    };
    for (const query of ['?allow_admin=true', '?allow_admin=true&on_duplicate=update', '?on_duplicate=skip']) {
      const { unchanged, problems } = await send(query);
      assert.deepEqual([unchanged, problems], [1, []], query);
    }
    await t.setSpace({ password_min_length: 12 });
    assert.equal((await send('?allow_admin=true')).unchanged, 1, 'one that the space would not take any more');
    await t.setSpace({ password_min_length: 3 });
  });

  test('a short password that is set during a promotion takes effect before it or not at all', async () => {
    for (let round = 0; round < 10; round += 1) {
      const account = await t.makeAccount({ activated: true, password: old });
      const link = await resetLinkOf(t, account);
      const own = await signedIn(account);
      const changes = [
        () => panelBrowser(t).post(`/login/reset/${link}`, { password: short }),
        () => own.post('/account/password', { old_password: old, password: short }),
        () => browser.post(`/admin/accounts/${account.id}`, { action: 'save', password: short }),
      ];
      const change = changes[round % changes.length] ?? assert.fail();
      await Promise.all([change(), t.api('PUT', `/api/accounts/${account.id}`, { admin: true })]);
      const events = await t.app.database
        .selectFrom('events')
        .select('kind')
        .where('account_id', '=', account.id)
        .orderBy('id')
        .execute();
      const kinds = events.map(({ kind }) => kind).filter((each) => /^(password|account)-changed$/.test(each));
      assert.equal(kinds.filter((each) => each === 'account-changed').length, 1);
      assert.ok(kinds.lastIndexOf('password-changed') < kinds.indexOf('account-changed'), kinds.join());
    }
  });
});

const cases = [
  [true, short],
  [true, long],
  [false, short],
  [false, long],
] as const;

async function resetLinkOf(t: TestApp, { id: accountId }: Account): Promise<string> {
  const secret = randomToken();
  const createdAt = t.app.now();
  const token = { kind: 'password-reset', hash: hashSecret(secret), accountId, createdAt } as const;
  await inTransaction(t.app.database, (tx) => insertToken(tx, { ...token, expiresAt: createdAt + 60_000 }));
  return secret;
}

forEachDatabase('the password of the first administrator', (makeUrl) => {
  test('needs ten characters', async () => {
    const t = await openTestApp(await makeUrl());
    await t.app.database.deleteFrom('accounts').execute();
    const link = (await issueSetupLink(t.app)) ?? assert.fail();
    const own = panelBrowser(t);
    for (const [password, status] of [
      [short, 422],
      [long, 303],
    ] as const) {
      const reply = await own.post(new URL(link).pathname, { username: 'root', password });
      assert.equal(reply.status, status, reply.html);
    }
    await t.close();
  });
});

forEachTerminal('a command that sets a password', (open) => {
  test('accepts nine characters for an administrator too', async () => {
    const ringup = (await open()).interruptedBy(new Promise(() => {}));
    for (const [words, table = ''] of [
      [['account', 'add', 'one', '--admin', '--password', short]],
      [['account', 'password', 'one', '--password', short]],
      [['account', 'set', 'one', `password=${short}`]],
      [['account', 'import', '-', '--allow-admin'], `username,password,admin\ntwo,${short},yes\n`],
      [['account', 'import', '-', '--allow-admin', '--on-duplicate', 'update'], `username,password\none,${short}.\n`],
    ] as const) {
      const { status, err } = await ringup(words, table);
      assert.equal(status, 0, `${words.join(' ')}: ${err}`);
    }
  });
});
