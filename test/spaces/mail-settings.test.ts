import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

const url = '/api/spaces/sip.example.test';

forEachDatabase('the mail settings of a space', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
  });
  after(() => t.close());

  const refusals: readonly (readonly [name: string, value: string, complaint: RegExp])[] = [
    ['language', 'de', /must be one of en, fr/],
    ['time_zone', 'Mars/Olympus', /"Mars\/Olympus" must be the name of a time zone/],
    ['time_zone', '+02:00', /must be the name of a time zone/],
    ['contact_text', 'call\r\nBcc: x', /must not contain control characters/],
    ['mail_from', 'a@example.com, b@example.com', /must be one mail address/],
    ['mail_from', 'A\nB <a@example.com>', /must be one mail address/],
    ['mail_reply_to', 'nobody', /"nobody" must be one mail address/],
    [
      'mail_introduction_en',
      'Hello {first_name}',
      /must not contain "\{first_name\}"; what it may contain is \{name\}/,
    ],
    ['mail_introduction_fr', 'Bonjour\u0007', /must not contain control characters/],
    ['smtp_url', 'smtp://10.0.0.1:6379', /must have one of the ports 25, 465, 587, 2525/],
    ['smtp_url', 'http://user:sesame@mail.example.com', /must be smtp:\/\//],
  ];
  for (const [name, value, complaint] of refusals) {
    test(`refuse ${JSON.stringify(value)} as ${name}`, async () => {
      const { status, text, json } = await t.api('PUT', url, { [name]: value });
      assert.equal(status, 422);
      assert.deepEqual(Object.keys(json.errors), [name]);
      assert.match(json.errors[name][0], complaint);
      assert.doesNotMatch(text, /sesame/);
    });
  }

  test('allow line breaks and all placeholders of an invitation in an introduction', async () => {
    const text = 'Hello {name},\n\n{space} has a number for you: {sip_uri}\n{link}, until {valid_until}';
    const { status, json } = await t.api('PUT', url, { mail_introduction_en: text });
    assert.deepEqual([status, json.mail_introduction_en], [200, text]);
  });

  test('never show the address of the mail server', async () => {
    const { text } = await t.api('PUT', url, { smtp_url: 'smtps://ringup:sesame@mail.example.com' });
    assert.match(text, /"smtp_url_set":true/);
    for (const page of [text, (await t.api('GET', url)).text, (await t.api('GET', '/api/events')).text]) {
      assert.doesNotMatch(page, /sesame/);
    }
  });
});
