import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Language, translator } from '../../src/locale/translate.ts';
import type { ServerAnswer } from '../../src/network/ask-server.ts';
import { setupLinkGone } from '../../src/panel/pages/link-gone.ts';
import { type SetupStep, type Step, setupStep } from '../../src/panel/pages/setup-steps.ts';
import { attributeOf, textOf } from '../support/html.ts';

const domain = 'sip.example.test';
const hostile = '"><script>alert(1)</script>';

const readerIn = (language: Language) => ({ language, t: translator(language), prefix: '' }) as const;

function step(name: Step, more: Partial<SetupStep> = {}) {
  const space = { domain, registrar: null, passwordMinLength: 3 };
  return setupStep({ reader: readerIn('en'), step: name, space, draft: { domain }, isFixed: false, ...more });
}

/** The values that a browser would send back, by name. */
function kept(html: string): Record<string, string> {
  const hidden = [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)];
  return Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
}

describe('the three steps of the setup', () => {
  for (const [name, number] of [
    ['domain', 1],
    ['registrar', 2],
    ['administrator', 3],
  ] as const) {
    const { html, status } = step(name);

    test(`${name} is step ${number} of 6, and posts to its own address`, () => {
      assert.match(textOf(html), new RegExp(`Step ${number} of 6`));
      assert.equal(attributeOf(html, /^<form/, 'method'), 'post');
      assert.equal(attributeOf(html, /^<form/, 'action'), undefined);
      assert.equal(status, undefined);
    });

    test(`${name} shows no mistake at first`, () =>
      assert.doesNotMatch(html, /role="alert"|aria-invalid="|<script(?! src=)/));
  }

  test('each step keeps the answers of the other steps, except the password', () => {
    const draft = { domain: 'a.example.com', registrar: 'sip:b.example.com', username: 'root' };
    assert.deepEqual(kept(step('domain', { draft }).html), {
      step: 'domain',
      registrar: 'sip:b.example.com',
      username: 'root',
    });
    assert.deepEqual(kept(step('registrar', { draft }).html), {
      step: 'registrar',
      domain: 'a.example.com',
      username: 'root',
    });
    assert.deepEqual(kept(step('administrator', { draft }).html), {
      step: 'administrator',
      domain: 'a.example.com',
      registrar: 'sip:b.example.com',
    });
  });

  test('the last step asks for a user name and a password, both required and labelled', () => {
    const { html } = step('administrator');
    for (const name of ['username', 'password']) {
      assert.match(html, new RegExp(`<label for="${name}">`));
      assert.match(html, new RegExp(`<input id="${name}" name="${name}" [^>]*required`));
    }
    assert.equal(attributeOf(html, /id="password"/, 'autocomplete'), 'new-password');
    assert.match(textOf(html), /At least 10 characters\./);
    assert.match(textOf(html), /sip:user name@sip\.example\.test/);
  });

  test('Enter presses the button that goes on', () => {
    for (const name of ['domain', 'registrar', 'administrator'] as const) {
      const [first = ''] = /<button[^>]*>[^<]*/.exec(step(name).html) ?? [];
      assert.match(first, /(Continue|Create the administrator)$/, name);
    }
  });

  test('the first step asks for the domain of a new server, and does not fill in an example', () => {
    assert.equal(attributeOf(step('domain').html, /id="domain"/, 'value'), '');
    assert.equal(attributeOf(step('domain').html, /id="domain"/, 'placeholder'), 'sip.example.com');
    const draft = { domain: 'a.example.com' };
    assert.equal(attributeOf(step('domain', { draft }).html, /id="domain"/, 'value'), 'a.example.com');
    assert.match(textOf(step('registrar').html), /The registrar is the server that knows where each phone is/);
  });

  test('each step tells people without a telephone system what to enter instead', () => {
    const words = /If you have no telephone system yet, enter sip\.example\.test and set up the small SIP server/;
    assert.match(textOf(step('domain').html), words);
    assert.doesNotMatch(textOf(step('domain', { isFixed: true }).html), words);
    const typed = step('domain', { draft: { domain, isTyped: true } });
    assert.equal(attributeOf(typed.html, /id="domain"/, 'value'), domain, 'what was typed stays');
    assert.match(textOf(step('registrar').html), /With the small SIP server of the quick start, write sip:192/);
    const own = step('registrar', { draft: { domain: 'a.example.com' } });
    assert.doesNotMatch(textOf(own.html), /quick start/);
    assert.match(textOf(step('domain', { reader: readerIn('fr') }).html), /indiquez sip\.example\.test et installez/);
  });

  test('each step leaves all checks to the server, which names every mistake at once', () => {
    assert.match(step('administrator').html, /<form method="post" novalidate>/);
  });

  test('the first step shows a domain from the settings, which cannot be changed', () => {
    const { html } = step('domain', { isFixed: true });
    assert.match(html, /<input id="domain"[^>]* readonly/);
    assert.match(textOf(html), /RINGUP_SIP_DOMAIN sets it/);
  });

  test('the second step proposes the registrar of the settings, or otherwise one at the domain', () => {
    assert.equal(attributeOf(step('registrar').html, /id="registrar"/, 'placeholder'), `sip:${domain};transport=tls`);
    const space = { domain, registrar: 'sip:pbx.test', passwordMinLength: 3 };
    assert.equal(attributeOf(step('registrar', { space }).html, /id="registrar"/, 'value'), 'sip:pbx.test');
  });
});

describe('the setup in French', () => {
  const reader = readerIn('fr');
  const answer = { kind: 'response', status: 200, reason: 'OK', server: null, certificate: null } as const;
  for (const [name, words] of [
    ['domain', /Étape 1 sur 6 Quel est votre domaine SIP/],
    ['registrar', /Où vos téléphones se connectent-ils.*Le serveur répond : 200 OK\..*Plus tard/],
    ['administrator', /Qui administre ce serveur.*L’adresse SIP sera : sip:identifiant@sip\.example\.test/],
  ] as const) {
    test(`has no English words on the step ${name}`, () => {
      const { html } = step(name, { reader, answer });
      assert.equal(attributeOf(html, /^<html/, 'lang'), 'fr');
      assert.match(textOf(html).replaceAll('\u00a0', ' '), words);
      assert.doesNotMatch(textOf(html), /\b(the|your|Step|Continue|Back|Check)\b/);
    });
  }

  test('says that a link no longer works', () => {
    assert.match(textOf(setupLinkGone(reader).html), /Ce lien ne fonctionne plus.*Ringup affiche un nouveau lien/);
  });
});

describe('a step that is refused', () => {
  const mistakes = { username: ['This does not match ^[a-z]+$.'], admin: ['Not here.'], '': ['Send it again.'] };
  const page = step('administrator', { mistakes, draft: { domain, username: 'Ad "Min"' } });

  test('is sent with 422', () => assert.equal(page.status, 422));

  test('names every mistake, and repeats each at its field', () => {
    assert.match(textOf(page.html), /3 things to put right User name – This does not match \^\[a-z\]\+\$\./);
    assert.match(textOf(page.html), /admin – Not here\./);
    assert.match(textOf(page.html), /Send it again\./);
    assert.equal(attributeOf(page.html, /id="username"/, 'aria-describedby'), 'username-hint username-mistake');
    assert.equal(attributeOf(page.html, /id="username"/, 'aria-invalid'), 'true');
    assert.equal(attributeOf(page.html, /id="password"/, 'aria-invalid'), undefined);
  });

  test('names a single mistake only at its field', () => {
    const { html } = step('domain', { mistakes: { domain: ['This is not a domain.'] } });
    assert.doesNotMatch(html, /role="alert"/);
    assert.match(textOf(html), /This is not a domain\./);
  });

  test('keeps the user name and never the password', () => {
    assert.equal(attributeOf(page.html, /id="username"/, 'value'), 'Ad "Min"');
    assert.equal(attributeOf(page.html, /id="password"/, 'value'), undefined);
  });

  test('shows hostile names and values as text', () => {
    const fields = { [hostile]: [hostile], constructor: ['Not here.'], username: [hostile] };
    const draft = { domain: hostile, registrar: hostile, username: hostile };
    for (const name of ['domain', 'registrar', 'administrator'] as const) {
      assert.doesNotMatch(step(name, { mistakes: fields, draft }).html, /<script(?! src=)/);
    }
    const { html } = step('administrator', { mistakes: fields, draft });
    assert.equal(attributeOf(html, /id="username"/, 'value'), hostile);
    assert.match(textOf(html), /constructor – Not here\./);
  });
});

describe('the answer of the registrar', () => {
  const response = {
    kind: 'response',
    status: 200,
    reason: 'OK',
    server: 'Kamailio (5.8)',
    certificate: null,
  } as const;
  const cases: readonly [ServerAnswer, RegExp][] = [
    [response, /The server answers: 200 OK\. It says it is "Kamailio \(5\.8\)"\./],
    [{ ...response, server: null, status: 404, reason: 'Not here' }, /The server answers: 404 Not here\./],
    [{ ...response, certificate: 'self-signed certificate' }, /certificate is not valid \(self-signed certificate\)/],
    ...(
      [
        { kind: 'no-answer' },
        { kind: 'failed', why: 'refused' },
        { kind: 'failed', why: 'closed' },
        { kind: 'failed', why: 'unreachable' },
        { kind: 'failed', why: 'not-tls' },
        { kind: 'unknown-name', host: 'nowhere.test' },
        { kind: 'not-sip', line: 'HTTP/1.1 400', certificate: null },
      ] as const
    ).map((answer): [ServerAnswer, RegExp] => [answer, /^No answer\. Check the name, the port and/]),
  ];
  for (const [answer, words] of cases) {
    test(`${JSON.stringify(answer)} is shown as ${words.source.replaceAll('\\', '')}`, () => {
      const { html } = step('registrar', { answer });
      const [, told = ''] = /<p class="told" role="status">(.*?)<\/p>/s.exec(html) ?? [];
      assert.match(textOf(told).trim(), words);
    });
  }

  test('a long and hostile answer is cut and shown as text', () => {
    const server = `<b onclick=x>\u202E\u0007${'x'.repeat(1_000_000)}`;
    const { html } = step('registrar', { answer: { ...response, reason: server, server } });
    assert.doesNotMatch(html, /<b onclick|\u202E|\u0007/);
    assert.match(textOf(html), /<b onclick=x><U\+202E>␇x+…/);
    assert.ok(html.length < 10_000, String(html.length));
  });
});

test('a link that no longer works returns 404 and says how to get another', () => {
  const { html, status } = setupLinkGone(readerIn('en'));
  assert.equal(status, 404);
  assert.match(textOf(html), /used, has expired, was replaced by a newer one/);
  assert.match(textOf(html), /Ringup prints a new link at each start/);
  assert.match(textOf(html), /\.\/ringup account add NAME --admin --activated/);
});
