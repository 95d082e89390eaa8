import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newKeyShape } from '../../src/access/create-api-key.ts';
import { maxOwnLinphonercLength, newAccountShape, passwordText } from '../../src/accounts/account-fields.ts';
import { externalAccountShape } from '../../src/accounts/external-account-fields.ts';
import { newContactListShape } from '../../src/contacts/contact-list.ts';
import { newOutsideContactShape } from '../../src/contacts/outside-contact.ts';
import { hashSecret, randomToken } from '../../src/lib/random-token.ts';
import { maxIntroductionLength } from '../../src/spaces/mail-settings.ts';
import { newSpaceShape, spaceChangesShape } from '../../src/spaces/space-fields.ts';
import { maxCertificateLength, maxLinphonercLength, maxSeeded } from '../../src/spaces/space-settings.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { insertToken } from '../../src/tokens/token-store.ts';
import { type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { openPanel, type PanelBrowser, panelBrowser, sameOrigin } from '../support/panel.ts';

const space = `/admin/spaces/${testDomain}`;

/** A form, the shape of what it makes, and what else it sends. */
const forms: readonly (readonly [
  path: string,
  shape: { readonly properties: object },
  more?: Record<string, string>,
])[] = [
  ['/admin/accounts/new', newAccountShape],
  ['/admin/accounts/1', newAccountShape, { action: 'save' }],
  ['/admin/accounts/1/external', externalAccountShape, { action: 'save' }],
  ['/account', newAccountShape],
  ['/admin/spaces/new', newSpaceShape],
  [`${space}/mail`, spaceChangesShape, { action: 'save' }],
  [`${space}/settings`, spaceChangesShape],
  [`${space}/domain`, newSpaceShape],
  [`${space}/api-keys`, newKeyShape],
  [`${space}/contacts`, newContactListShape],
  [`${space}/contacts`, newOutsideContactShape],
  [
    '/admin/welcome',
    { properties: { ...spaceChangesShape.properties, ...newAccountShape.properties } },
    { step: 'mail' },
  ],
];

forEachDatabase('a form of the panel', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
  });
  after(() => t.close());

  const longest = 'x'.repeat(passwordText.maxLength);
  const signsIn = (username: string) => panelBrowser(t).signIn(username, longest);

  test('accepts the longest password for signing in', async () => {
    await t.makeAccount({ username: 'long', password: longest, activated: true });
    await signsIn('long');
  });

  test('accepts the longest password for an account', async () => {
    const made = await browser.post('/admin/accounts/new', { username: 'made', password: longest });
    assert.match(made.location ?? '', /provisioning$/);
    const { id } = await t.makeAccount({ username: 'saved', activated: true });
    const saved = await browser.post(`/admin/accounts/${id}`, { action: 'save', password: longest });
    assert.match(saved.location ?? '', /done=password$/);
    await signsIn('saved');
  });

  test('accepts the longest password for a link to a new one', async () => {
    const { id: accountId } = await t.makeAccount({ username: 'forgetful', activated: true });
    const secret = randomToken();
    const createdAt = t.app.now();
    const token = { kind: 'password-reset', hash: hashSecret(secret), accountId, createdAt } as const;
    await inTransaction(t.app.database, (tx) => insertToken(tx, { ...token, expiresAt: createdAt + 60_000 }));
    await panelBrowser(t).post(`/login/reset/${secret}`, { password: longest });
    await signsIn('forgetful');
  });

  const longestTexts: readonly (readonly [path: string, sent: () => Record<string, string>])[] = [
    [`${space}/linphonerc`, () => ({ action: 'publish', linphonerc: textOf(maxLinphonercLength) })],
    ['/admin/accounts/1/settings', () => ({ action: 'publish', linphonerc: textOf(maxOwnLinphonercLength) })],
    [
      `${space}/mail`,
      () =>
        twice(
          ['mail_introduction_en', 'mail_introduction_fr'],
          textOf(maxIntroductionLength),
          `!${textOf(maxIntroductionLength - 1)}`,
        ),
    ],
    [
      `${space}/settings`,
      () => ({
        ...twice(['root_ca'], textOf(maxCertificateLength)),
        ...twice(['seeded'], patterns.join('\n'), `${patterns.slice(1).join('\n')}\nother_section/*`.padEnd(201_000)),
      }),
    ],
  ];
  const textOf = (length: number) => `#${'€'.repeat(length - 1)}`;
  const patterns = Array.from(
    { length: maxSeeded.patterns },
    (_, index) => `${`section_${index}`.padEnd(100, 'x')}/${'x'.repeat(100)}`,
  );
  /** Returns fields with this text, and the hidden ones with what the form showed. */
  const twice = (names: readonly string[], text: string, shown = text) =>
    Object.fromEntries(names.flatMap((name) => [[name, text] as const, [`was_${name}`, shown] as const]));

  for (const [path, sent] of longestTexts) {
    test(`accepts the longest texts, also of characters that it encodes in nine bytes: ${path}`, async () => {
      const { status, html } = await browser.post(path, sent());
      assert.equal(status, 303, html.slice(0, 2_000));
    });
  }

  test('is refused before it is parsed if it has millions of fields', async () => {
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...sameOrigin, cookie, 'content-type': 'application/x-www-form-urlencoded' };
    const asked = { method: 'POST', url: `${space}/settings`, headers } as const;
    assert.equal((await t.server.inject({ ...asked, payload: 'a&'.repeat(2 ** 21) })).statusCode, 413);
  });

  for (const [path, shape, more = {}] of forms) {
    test(`accepts the longest value of each field: ${path}`, async () => {
      for (const [name, { maxLength }] of Object.entries(shape.properties)) {
        if (typeof maxLength !== 'number' || maxLength > 5000) continue;
        const { html } = await browser.post(path, { ...more, [name]: 'x'.repeat(maxLength) });
        assert.equal(/Use at most|must not have more than/.exec(html)?.[0], undefined, name);
      }
    });
  }
});
