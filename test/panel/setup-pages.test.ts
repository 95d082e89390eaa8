import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { firstAdministratorDone, firstAdministratorForm, firstAdministratorGone } from '../../src/panel/pages/setup.ts';
import { attributeOf, textOf } from '../support/html.ts';

const domain = 'sip.example.test';
const hostile = '"><script>alert(1)</script>';

describe('the form for the first administrator', () => {
  const { html, status } = firstAdministratorForm({ prefix: '', domain, passwordMinLength: 3 });

  test('posts to where it came from', () => {
    assert.equal(attributeOf(html, /^<form/, 'method'), 'post');
    assert.equal(attributeOf(html, /^<form/, 'action'), undefined);
    assert.equal(status, undefined);
  });

  test('asks for a user name and a password, both required and labelled', () => {
    for (const name of ['username', 'password']) {
      assert.match(html, new RegExp(`<label for="${name}">`));
      assert.match(html, new RegExp(`<input id="${name}" name="${name}" [^>]*required`));
    }
    assert.equal(attributeOf(html, /id="password"/, 'type'), 'password');
    assert.equal(attributeOf(html, /id="password"/, 'autocomplete'), 'new-password');
    assert.equal(attributeOf(html, /id="username"/, 'autocapitalize'), 'none');
  });

  test('says how long the password must be, and what the SIP address becomes', () => {
    assert.match(textOf(html), /At least 3 characters\./);
    assert.match(
      textOf(firstAdministratorForm({ prefix: '', domain, passwordMinLength: 12 }).html),
      /At least 12 characters\./,
    );
    assert.match(textOf(html), /sip:user name@sip\.example\.test/);
  });

  test('has nothing to complain about yet', () => assert.doesNotMatch(html, /role="alert"|aria-invalid="/));
});

describe('the form for the first administrator, refused', () => {
  const mistakes = { username: ['must match ^[a-z]+$'], admin: ['is not a known field'], '': ['must be an object'] };
  const page = firstAdministratorForm({
    prefix: '',
    domain,
    passwordMinLength: 3,
    mistakes,
    values: { username: 'Ad "Min"' },
  });

  test('is answered with 422', () => assert.equal(page.status, 422));

  test('tells every mistake, and each one at its field too', () => {
    assert.match(textOf(page.html), /Nothing was created yet\. User name must match \^\[a-z\]\+\$\./);
    assert.match(textOf(page.html), /admin is not a known field/);
    assert.match(textOf(page.html), /must be an object/);
    assert.match(page.html, /<span class="mistake" id="username-mistake">User name must match/);
    assert.equal(attributeOf(page.html, /id="username"/, 'aria-describedby'), 'username-mistake username-hint');
    assert.equal(attributeOf(page.html, /id="username"/, 'aria-invalid'), 'true');
    assert.equal(attributeOf(page.html, /id="password"/, 'aria-invalid'), undefined);
  });

  test('keeps the user name and never the password', () => {
    assert.equal(attributeOf(page.html, /id="username"/, 'value'), 'Ad "Min"');
    assert.equal(attributeOf(page.html, /id="password"/, 'value'), undefined);
  });

  test('shows hostile names and values as text', () => {
    const fields = { [hostile]: [hostile], constructor: ['is not a known field'], username: [hostile] };
    const { html } = firstAdministratorForm({
      prefix: '',
      domain: hostile,
      passwordMinLength: 3,
      mistakes: fields,
      values: { username: hostile },
    });
    assert.doesNotMatch(html, /<script/);
    assert.equal(attributeOf(html, /id="username"/, 'value'), hostile);
    assert.match(textOf(html), /constructor is not a known field/);
  });
});

describe('the page after the first administrator was made', () => {
  const made = {
    username: 'admin',
    domain,
    apiKey: 'k8s0dJ2lq9vBn3mXz7cRt5yU',
    publicUrl: 'https://ringup.example.com/x',
  };
  const { html, status } = firstAdministratorDone(made);

  test('shows the key to copy, and that it is shown once', () => {
    assert.equal(status, undefined);
    assert.equal(attributeOf(html, /id="api-key"/, 'value'), made.apiKey);
    assert.match(textOf(html), /it is shown only once/);
    assert.match(textOf(html), /sip:admin@sip\.example\.test/);
  });

  test('has a command that makes an account', () => {
    const command = html.match(/<pre><code>(.*?)<\/code><\/pre>/s)?.[1] ?? '';
    assert.equal(
      textOf(command),
      `curl https://ringup.example.com/x/api/accounts \\ -H 'x-api-key: ${made.apiKey}' \\ ` +
        `-H 'content-type: application/json' \\ -d '{"username": "alice", "password": "choose-one"}'`,
    );
    assert.match(command, / \\\n {2}-H /);
  });

  test('says where the QR code is, and where to read on', () => {
    assert.match(textOf(html), /https:\/\/ringup\.example\.com\/x\/provisioning\/provisioning_token/);
    assert.match(textOf(html), /npx ringup account add alice --qr/);
    assert.equal(attributeOf(html, /^<a href="https:\/\/ringup/, 'href'), 'https://ringup.example.com/x/api');
  });

  test('does not propose the name that is taken', () => {
    assert.match(textOf(firstAdministratorDone({ ...made, username: 'alice' }).html), /"username": "bob"/);
  });
});

test('a link that no longer works is answered with 404 and how to get another', () => {
  const { html, status } = firstAdministratorGone('');
  assert.equal(status, 404);
  assert.match(textOf(html), /used, has expired, or was replaced/);
  assert.match(textOf(html), /As long as there is no administrator, Ringup prints a new link at each start/);
  assert.match(textOf(html), /npx ringup account add NAME --admin --activated/);
});
