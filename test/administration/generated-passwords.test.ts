import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findAccountByUsername } from '../../src/accounts/account-store.ts';
import type { TestApp } from '../support/app.ts';
import { environmentOf, openTerminal, type Terminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';

const min = 200;

forEachDatabase('a generated password in a space that requires two hundred characters', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  let ringup: Terminal;
  before(async () => {
    const url = await makeUrl();
    ({ t, browser } = await openPanel(url));
    await t.setSpace({ password_min_length: min });
    ringup = openTerminal(environmentOf(url)).interruptedBy(new Promise(() => {}));
  });
  after(() => t.close());

  const named = (username: string) => findAccountByUsername(t.app.database, t.app.spaces.first.id, username);

  test('has two hundred characters for a new account', async () => {
    const answer = await ringup('account add added --json');
    assert.equal(answer.status, 0, answer.err);
    assert.match(answer.json.password, /^[A-Za-z0-9]{200}$/);
  });

  test('has two hundred characters for an account that gets another password', async () => {
    await ringup('account add changed');
    const answer = await ringup('account password changed --json');
    assert.equal(answer.status, 0, answer.err);
    assert.match(answer.json.password, /^[A-Za-z0-9]{200}$/);
  });

  test('has two hundred characters for an account that an import creates', async () => {
    const { status, err } = await ringup('account import -', 'username\nimported\n');
    assert.equal(status, 0, err);
    assert.equal((await named('imported'))?.ha1s.length, 1);
  });

  test('has two hundred characters for an account that is created in the panel', async () => {
    assert.match((await browser.post('/admin/accounts/new', { username: 'typed' })).location ?? '', /provisioning$/);
    assert.equal((await named('typed'))?.ha1s.length, 1);
  });
});
