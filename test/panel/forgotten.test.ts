import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { panelBrowser } from '../support/panel.ts';

forEachDatabase('a link to a new password', (makeUrl) => {
  let t: TestApp;
  let count = 0;
  before(async () => {
    const mail = { RINGUP_SMTP_URL: 'smtp://127.0.0.1:9', RINGUP_MAIL_FROM: 'phones@example.test' };
    t = await openTestApp(await makeUrl(), mail);
  });
  after(() => t.close());

  const makeOwner = (fields: { readonly admin: boolean; readonly activated: boolean }) => {
    count += 1;
    return t.makeAccount({ ...fields, password: 'the old one', email: `owner${count}@example.test` });
  };
  const askFor = async ({ username }: Account) => {
    await panelBrowser(t).post('/login/forgotten', { username });
    await t.app.passwordResets.flush();
  };
  const hasLink = async ({ id }: Account) => {
    const mails = t.app.database.selectFrom('mails').select('id').where('kind', '=', 'password-reset');
    return (await mails.where('account_id', '=', id).execute()).length > 0;
  };
  /** Returns the status of the page of one's own account, after a sign-in. */
  const ownPageOf = async ({ id, username }: Account) => {
    const browser = panelBrowser(t, `192.0.2.${id % 250}`);
    await browser.signIn(username, 'the old one');
    return (await browser.get('/account')).status;
  };

  const user = { admin: false, activated: true };
  const inactiveUser = { admin: false, activated: false };
  const administrator = { admin: true, activated: true };
  const inactiveAdministrator = { admin: true, activated: false };
  for (const [who, fields, selfService, isMailed] of [
    ['a user', user, true, true],
    ['a user who is not activated', inactiveUser, true, true],
    ['an administrator', administrator, true, true],
    ['an administrator who is not activated', inactiveAdministrator, true, true],
    ['a user', user, false, false],
    ['a user who is not activated', inactiveUser, false, false],
    ['an administrator', administrator, false, true],
    ['an administrator who is not activated', inactiveAdministrator, false, false],
  ] as const) {
    const where = `in a space with${selfService ? '' : 'out'} pages for users`;
    test(`is ${isMailed ? '' : 'not '}mailed to ${who} ${where}, as /account is ${isMailed ? 'open' : 'closed'} to them`, async () => {
      await t.setSpace({ self_service: selfService });
      const account = await makeOwner(fields);
      await askFor(account);
      assert.deepEqual([await ownPageOf(account), await hasLink(account)], [isMailed ? 200 : 403, isMailed]);
    });
  }
});
