import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lockAddress, writeAddress } from '../../src/cluster/instance-store.ts';
import { bumpRevision } from '../../src/cluster/revision-store.ts';
import { getSpace } from '../../src/spaces/change-spaces.ts';
import type { SpaceSettings } from '../../src/spaces/space.ts';
import { updateSpaceRow } from '../../src/spaces/space-store.ts';
import { inTransaction } from '../../src/storage/database.ts';
import type { Transaction } from '../../src/storage/tables.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';
import { watchLocks } from '../support/watch-locks.ts';

const domain = 'second.example.test';

/** What another administrator changes, and what a session asks for that has read the space as it was before. */
interface Case {
  readonly meanwhile: Partial<SpaceSettings>;
  readonly body: Readonly<Record<string, unknown>>;
}

const cases: Readonly<Record<string, Case>> = {
  'the host that it had': { meanwhile: { host: 'other.example.test' }, body: { host: 'phones.example.test' } },
  'no host again': { meanwhile: { host: 'other.example.test' }, body: { host: null } },
  'the rights that it had': { meanwhile: { super: false }, body: { super: true } },
};

forEachDatabase('what another administrator changes while a session changes it', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    // No setting names the address, so that a form can.
    t = await openTestApp(await makeUrl(), { RINGUP_PUBLIC_URL: '' });
    await t.api('POST', '/api/spaces', { domain });
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
    t.advance(11 * 60_000);
  });
  after(() => t.close());

  /** Returns the answer to a request that arrives while `change` is not yet committed. */
  const askMeanwhile = async <T>(change: (tx: Transaction) => Promise<void>, ask: () => Promise<T>): Promise<T> => {
    const { answer } = await inTransaction(t.app.database, async (tx) => {
      await change(tx);
      const untilSomebodyWaits = watchLocks(t.app.database);
      const asking = ask();
      await untilSomebodyWaits();
      return { answer: asking };
    });
    return answer;
  };

  const changeSpace = (changes: Partial<SpaceSettings>) => async (tx: Transaction) => {
    await bumpRevision(tx, 'spaces');
    const space = await getSpace(tx, domain);
    await updateSpaceRow(tx, space.id, { ...space, ...changes }, 1);
  };
  const trustOf = async () => {
    const { host, super: isSuper } = await getSpace(t.app.database, domain);
    return { host, super: isSuper };
  };

  const byApi = async (body: Case['body']) => {
    const cookie = [...browser.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const headers = { cookie, ...sameOrigin, 'content-type': 'application/json' };
    const url = `/api/spaces/${domain}`;
    const { statusCode, body: text } = await t.server.inject({ method: 'PUT', url, headers, payload: body });
    assert.equal(statusCode, 403, text);
    assert.match(text, /password/);
  };
  const byPage = async (body: Case['body']) => {
    const fields = Object.entries(body).map(([name, value]) => [name, String(value ?? '')] as const);
    const { status, html } = await browser.post(`/admin/spaces/${domain}/settings`, Object.fromEntries(fields));
    assert.equal(status, 422, html);
    assert.match(html, /<input id="current_password"[^>]* aria-invalid="true"/);
  };

  for (const [face, ask] of Object.entries({ API: byApi, panel: byPage })) {
    for (const [what, { meanwhile, body }] of Object.entries(cases)) {
      test(`gives a space ${what} by the ${face} only with the password again`, async () => {
        await t.api('PUT', `/api/spaces/${domain}`, { host: null, super: false, ...body });
        await askMeanwhile(changeSpace(meanwhile), () => ask(body));
        assert.deepEqual(await trustOf(), { host: null, super: false, ...body, ...meanwhile });
      });
    }
  }

  test('sets the address for phones back only with the password again', async () => {
    const fields = { step: 'address', public_url: t.app.publicUrl };
    const move = async (tx: Transaction) => {
      await lockAddress(tx);
      await writeAddress(tx, 'http://127.0.0.1:7', 1);
    };
    const { status, html } = await askMeanwhile(move, () => browser.post('/admin/welcome', fields));
    assert.equal(status, 422, html);
    assert.match(html, /<input id="current_password"[^>]* aria-invalid="true"/);
    await t.app.address.refresh();
    assert.equal(t.app.publicUrl, 'http://127.0.0.1:7');
  });

  test('is changed with the password in the same form', async () => {
    await t.api('PUT', `/api/spaces/${domain}`, { host: 'phones.example.test' });
    const fields = { host: 'phones.example.test', current_password: 'administrator' };
    const { status } = await askMeanwhile(changeSpace({ host: null }), () =>
      browser.post(`/admin/spaces/${domain}/settings`, fields),
    );
    assert.equal(status, 303);
    assert.equal((await trustOf()).host, 'phones.example.test');
  });
});
