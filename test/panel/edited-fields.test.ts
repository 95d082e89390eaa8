import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { formFields } from '../support/html.ts';
import { openPanel, type PanelBrowser } from '../support/panel.ts';

interface Form {
  readonly page: string;
  /** The resource of the API that has the fields of the form. */
  readonly resource: string;
  readonly edited: string;
  readonly changedMeanwhile: string;
  /** How the API changes it, by default `PUT`, and what it needs beside the field that is changed meanwhile. */
  readonly method?: 'POST';
  readonly others?: object;
}

forEachDatabase('a form of the panel', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  let forms: Readonly<Record<string, Form>>;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
    const space = '/spaces/sip.example.test';
    const idOf = async (path: string, body: object): Promise<number> => {
      const { status, json } = await t.api('POST', `/api${path}`, body);
      assert.equal(status, 200);
      return json.id;
    };
    const contact = await idOf(`${space}/outside_contacts`, { name: 'Taxi', phone: '+33601020304' });
    const list = await idOf('/contacts_lists', { title: 'Sales', description: 'everyone\nhere' });
    const { id: account } = await t.makeAccount();
    const line = { username: 'out', domain: 'other.test', password: 'outer', algorithm: 'MD5' };
    assert.equal((await t.api('POST', `/api/accounts/${account}/external`, line)).status, 201);
    forms = {
      'external line': {
        page: `/admin/accounts/${account}/external`,
        resource: `/api/accounts/${account}/external`,
        edited: 'registrar',
        changedMeanwhile: 'outbound_proxy',
        method: 'POST',
        others: line,
      },
      'contact from outside': {
        page: `/admin${space}/contacts/${contact}`,
        resource: `/api${space}/outside_contacts/${contact}`,
        edited: 'name',
        changedMeanwhile: 'organization',
      },
      'contact list': {
        page: `/admin${space}/contacts/lists/${list}`,
        resource: `/api/contacts_lists/${list}`,
        edited: 'title',
        changedMeanwhile: 'description',
      },
      'mails of a space': {
        page: `/admin${space}/mail`,
        resource: `/api${space}`,
        edited: 'mail_introduction_en',
        changedMeanwhile: 'mail_introduction_fr',
      },
    };
  });
  after(() => t.close());

  for (const name of ['contact from outside', 'contact list', 'mails of a space', 'external line']) {
    test(`does not undo what somebody else has changed since it was opened: ${name}`, async () => {
      const { page, resource, edited, changedMeanwhile, others, method = 'PUT' } = forms[name] ?? assert.fail();
      const shown = formFields((await browser.get(page)).html, edited);
      assert.equal(
        (await t.api(method, resource, { ...others, [changedMeanwhile]: 'somebody-else.test' })).status,
        200,
      );
      // Browsers send line breaks in this way, and none from the inputs that have only one line.
      for (const [field, value] of shown) shown.set(field, value.replaceAll('\n', '\r\n'));
      shown.set(edited, 'mine');
      shown.set('action', 'save');
      assert.equal((await browser.post(page, shown)).status, 303);
      const shownNow = formFields((await browser.get(page)).html, edited);
      assert.deepEqual([shownNow.get(edited), shownNow.get(changedMeanwhile)], ['mine', 'somebody-else.test']);
    });
  }
});
