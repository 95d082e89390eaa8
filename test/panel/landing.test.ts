import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { qrSvg } from '../../src/lib/qr-code.ts';
import { landingPage, previewPage } from '../../src/panel/pages/landing.ts';
import { allAttributes, attributeOf, textOf } from '../support/html.ts';

const url = 'https://ringup.example.com/provisioning/h3Kd9_sLq0Zb1cVxYpTt4w';

function render(invitation: { name?: string; url?: string } = {}): string {
  return landingPage('', { name: 'Example Phones', url, ...invitation }).html;
}

describe('the landing page of a valid code', () => {
  const html = render();

  test('says what it is for, and which scanner to use', () => {
    assert.match(textOf(html), /^Set up Linphone for Example Phones /);
    assert.match(textOf(html), /Scan QR code in its assistant/);
    assert.match(textOf(html), /Linphone’s own scanner\. The phone’s camera app only opens this page\./);
  });

  test('has the address as a code, as a link for Linphone and as text to copy', () => {
    const picture = attributeOf(html, /^<img/, 'src') ?? '';
    assert.match(picture, /^data:image\/svg\+xml;base64,/);
    assert.equal(Buffer.from(picture.replace(/^.*,/, ''), 'base64').toString(), qrSvg(url));
    assert.equal(attributeOf(html, /class="button"/, 'href'), `linphone-config:${url}`);
    assert.equal(attributeOf(html, /id="address"/, 'value'), url);
    assert.match(html, /<input id="address"[^>]* readonly/);
  });

  test('has an alternative text for the code', () => {
    assert.match(attributeOf(html, /^<img/, 'alt') ?? '', /QR code with the address/);
  });

  test('has three steps', () => {
    const steps = html.match(/<ol class="steps">(.*)<\/ol>/s)?.[1] ?? '';
    assert.equal(steps.match(/<li>/g)?.length, 3);
  });

  test('says that the code works once', () => assert.match(textOf(html), /The code works once, for one phone\./));

  test('is answered with 200', () => assert.equal(landingPage('', { name: 'x', url }).status, undefined));

  test('loads nothing but our own stylesheet', () => {
    for (const source of allAttributes(html, 'src')) assert.match(source, /^data:/);
    const links = [...html.matchAll(/<link [^>]*href="([^"]*)"/g)].map(([, href]) => href ?? '');
    assert.equal(links.length, 2);
    for (const link of links) assert.match(link, /^(data:image\/svg\+xml,|\/assets\/style\.[\w-]+\.css$)/);
    assert.doesNotMatch(html, /<script|<iframe|<object| style=| on[a-z]+=/);
  });
});

describe('what the landing page warns of', () => {
  test('http, which Linphone on iOS does not take', () => {
    assert.match(textOf(render({ url: url.replace('https', 'http') })), /Linphone on iPhone and iPad needs https:\/\//);
    assert.doesNotMatch(textOf(render()), /iPhone and iPad needs/);
  });

  for (const host of ['127.0.0.1:8080', 'localhost:8080', '[::1]:8080']) {
    test(`an address at ${host}, which no phone reaches, with the settings to change`, () => {
      const text = textOf(render({ url: `http://${host}/provisioning/abc` }));
      assert.match(text, /can only be reached from the computer that runs Ringup/);
      assert.match(text, /RINGUP_LISTEN or RINGUP_PUBLIC_URL/);
    });
  }

  test('nothing, if phones can reach the address', () => assert.doesNotMatch(textOf(render()), /RINGUP_LISTEN/));

  test('a new password, where the address asks for one', () => {
    assert.match(textOf(render({ url: `${url}?reset_password` })), /also sets a new password/);
    assert.doesNotMatch(textOf(render({ url: `${url}?reset_passwords=1` })), /new password/);
  });
});

describe('hostile values on the landing page', () => {
  for (const name of [
    '</title><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    `'&amp;<b>!$\{x}`,
    'Wow!',
  ]) {
    test(`a space called ${name} is shown as it is called`, () => {
      const html = render({ name });
      const heading = html.match(/<h1>.*<\/h1>/)?.[0] ?? '';
      assert.match(heading, /^<h1>[^<>]*<\/h1>$/);
      assert.equal(textOf(heading), `Set up Linphone for ${name}`);
      assert.doesNotMatch(html, /<script|<img src=x/);
    });
  }

  for (const query of ['?a="><script>alert(1)</script>', "?a=1&b='&amp;<>", '?a=%22%3E&reset_password', '?!!=!']) {
    test(`the query ${query} comes through unchanged, and as text`, () => {
      const html = render({ url: `${url}${query}` });
      assert.equal(attributeOf(html, /class="button"/, 'href'), `linphone-config:${url}${query}`);
      assert.equal(attributeOf(html, /id="address"/, 'value'), `${url}${query}`);
      assert.doesNotMatch(html, /<script/);
    });
  }
});

describe('the landing page of a code that is not valid', () => {
  const page = landingPage('', undefined);

  test('says so, and how to get a new one', () => {
    assert.match(textOf(page.html), /This code is not valid/);
    assert.match(textOf(page.html), /was used, has expired, was replaced/);
    assert.match(textOf(page.html), /the person who gave you this one/);
  });

  test('has no code, no link and no address', () => {
    assert.doesNotMatch(page.html, /<img|linphone-config:|<input/);
  });

  test('is answered with 200', () => assert.equal(page.status, undefined));
});

describe('the page for link previews and scanners', () => {
  const preview = previewPage('');

  test('says what the address is for, in its head too', () => {
    assert.match(textOf(preview.html), /^Set up Linphone /);
    assert.match(attributeOf(preview.html, /name="description"/, 'content') ?? '', /^Open this address on your phone/);
    assert.equal(attributeOf(preview.html, /name="robots"/, 'content'), 'noindex,nofollow,noarchive');
  });

  test('has no code, no link and no address, but a way on for a person', () => {
    assert.doesNotMatch(preview.html, /<img|linphone-config:|<input|<a /);
    assert.match(textOf(preview.html), /open the address in a browser such as Chrome/);
  });
});
