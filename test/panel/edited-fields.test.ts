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
    forms = {
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

  for (const name of ['contact from outside', 'contact list', 'mails of a space']) {
    test(`does not undo what somebody else has changed since it was opened: ${name}`, async () => {
      const { page, resource, edited, changedMeanwhile } = forms[name] ?? assert.fail();
      const shown = formFields((await browser.get(page)).html, edited);
      assert.equal((await t.api('PUT', resource, { [changedMeanwhile]: 'somebody else' })).status, 200);
      // Browsers send line breaks in this way, and none from the inputs that have only one line.
      for (const [field, value] of shown) shown.set(field, value.replaceAll('\n', '\r\n'));
      shown.set(edited, 'mine');
      shown.set('action', 'save');
      assert.equal((await browser.post(page, shown)).status, 303);
      // Changes nothing: the answer shows what is stored.
      const { json } = await t.api('PUT', resource, {});
      assert.deepEqual([json[edited], json[changedMeanwhile]], ['mine', 'somebody else']);
    });
  }
});
