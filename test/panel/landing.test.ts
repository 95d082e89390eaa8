import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { qrSvg } from '../../src/lib/qr-code.ts';
import { type Language, translator } from '../../src/locale/translate.ts';
import { landingPage } from '../../src/panel/pages/landing.ts';
import { notValidPage, previewPage } from '../../src/panel/pages/landing-without-code.ts';
import { allAttributes, attributeOf, textOf } from '../support/html.ts';
import { pngPicture } from '../support/pictures.ts';
import { spaceNamed } from '../support/spaces.ts';

const url = 'https://ringup.example.com/provisioning/h3Kd9_sLq0Zb1cVxYpTt4w';
const contactText = 'Marta in the office\n+49 431 555 0199\nmarta@kontor-nord.example';
const expiresAt = Date.UTC(2026, 10, 27, 17);
const android = 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36';
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile';

const readerIn = (language: Language) =>
  ({ language, t: translator(language), prefix: '', timeZone: 'Europe/Berlin' }) as const;

interface Wish {
  readonly space?: string;
  readonly name?: string | null;
  readonly url?: string;
  readonly agent?: string;
  readonly language?: Language;
}

function render({ space = 'Kontor Nord', name = 'Amélie Dufour', agent = '', language = 'en', ...wish }: Wish = {}) {
  const visit = { reader: readerIn(language), url: wish.url ?? '/provisioning/x', agent };
  const events = '/provisioning/x/live';
  const invitation = {
    state: 'valid',
    space: spaceNamed(space, { contactText }),
    language: null,
    name,
    url: wish.url ?? url,
    expiresAt,
    events,
  } as const;
  return landingPage(visit, invitation).html;
}

describe('the landing page of a valid code', () => {
  const html = render();

  test('greets the person by the first word of the name and an initial', () => {
    assert.match(textOf(html), / For Amélie D\. Your Kontor Nord calls, on your phone /);
    assert.doesNotMatch(html, /Dufour/);
    for (const [name, shown] of [
      ['Reception', 'Reception'],
      ['  Æthel  Ó Briain ', 'Æthel Ó.'],
      ['محمد عبد الله', 'محمد ع.'],
      ['Zoe 👩‍👩‍👧 X', 'Zoe 👩‍👩‍👧.'],
    ] as const) {
      assert.ok(render({ name }).includes(`For <bdi>${shown}</bdi>`), name);
    }
  });

  test('shows no name if the name is unknown', () => assert.doesNotMatch(render({ name: null }), /For <bdi/));

  test('has the name of the space in its head instead of that of Ringup', () => {
    assert.match(html, /<header class="top"><span class="brand"><bdi>Kontor Nord<\/bdi>/);
    assert.doesNotMatch(textOf(html), /Ringup/);
  });

  test('has the logo of the space beside its name, under the path prefix too', () => {
    const logo = pngPicture(160, 40).toString('base64');
    const space = spaceNamed('Kontor Nord', { logo });
    const reader = { ...readerIn('en'), prefix: '/phones' };
    const page = notValidPage({ reader, url: '/provisioning/x', agent: '' }, space);
    assert.match(
      page,
      /<span class="brand"><img class="logo" src="\/phones\/logo\/[\w-]{22}" width="160" height="40" alt=""><bdi>Kontor/,
    );
  });

  test('says until when the code is valid, in a zone that it names', () => {
    assert.match(textOf(html), /Valid until Friday,? (27 )?November( 27,)? 2026 at (18:00|6:00.PM)/);
    assert.match(html, /<time datetime="2026-11-27T17:00:00.000Z" data-style="moment">/);
  });

  test('shows the address as a code, as a link for Linphone and as text to copy', () => {
    const picture = attributeOf(html, /^<img/, 'src') ?? '';
    assert.equal(Buffer.from(picture.replace(/^.*,/, ''), 'base64').toString(), qrSvg(url));
    assert.equal(attributeOf(html, /class="button"/, 'href'), `linphone-config:${url}`);
    assert.equal(attributeOf(html, /id="address"/, 'value'), url);
    assert.match(html, /<input id="address"[^>]* readonly/);
    assert.match(html, /data-copies="address"/);
    assert.match(attributeOf(html, /^<img/, 'alt') ?? '', /QR code with the address/);
  });

  test('shows three steps beside the code on a computer, and hides using Linphone there behind a summary', () => {
    const steps = html.match(/<ol class="steps">(.*)<\/ol>/s)?.[1] ?? '';
    assert.equal(steps.match(/<li>/g)?.length, 3);
    assert.match(textOf(steps), /It takes Linphone’s own scanner; the camera app only opens this page\./);
    assert.match(html, /<details><summary>Use Linphone on this computer/);
  });

  for (const [platform, agent, store] of [
    ['Android', android, 'https://play.google.com/'],
    ['iOS', iphone, 'https://apps.apple.com/'],
  ] as const) {
    test(`shows its store, then the button, and hides the code behind a summary on ${platform}`, () => {
      const page = render({ agent });
      const [, before = '', folded = ''] = page.match(/<main>(.*?)(<div class="folded">.*)/s) ?? [];
      assert.match(textOf(before), /Your Kontor Nord calls, on this phone/);
      const links = allAttributes(before, 'href');
      assert.equal(links.length, 2);
      assert.ok(links[0]?.startsWith(store), links[0]);
      assert.equal(links[1], `linphone-config:${url}`);
      assert.doesNotMatch(before, /<img|data-copies/);
      assert.match(folded, /<img .*data-copies="address"/s);
    });
  }

  test('warns that the code works once and takes the place of the first account', () => {
    for (const agent of ['', android]) {
      const text = textOf(render({ agent }));
      assert.match(text, /The code works once\. Keep it to yourself\./);
      assert.match(text, /If Linphone already has an account, this one takes the place of the first\./);
    }
  });

  test('warns of a new password only if the address requests one', () => {
    assert.match(textOf(render({ url: `${url}?reset_password` })), /also sets a new password/);
    assert.doesNotMatch(textOf(render({ url: `${url}?reset_passwords=1` })), /new password/);
  });

  test('says whom to contact', () => {
    for (const agent of ['', android]) {
      assert.match(textOf(render({ agent })), /Help: Marta in the office, \+49 431 555 0199, marta@/);
    }
  });

  test('gives no advice for administrators', () => {
    const text = textOf(render({ url: 'http://127.0.0.1:8080/provisioning/abc' }));
    assert.doesNotMatch(text, /RINGUP_|--lan|needs https/);
  });

  test('is in French for a reader of French, and leads to the other language without losing the query', () => {
    const page = render({ language: 'fr', url: `${url}?reset_password&lang=fr` });
    assert.match(page, /<html lang="fr">/);
    assert.match(textOf(page), /Vos appels Kontor Nord, sur votre téléphone/);
    assert.match(textOf(page), /Valable jusqu’[^.]*vendredi 27 novembre 2026 à 18:00/);
    assert.equal(attributeOf(page, /class="other-language"/, 'href'), '?lang=en&reset_password');
    assert.equal(attributeOf(page, /class="other-language"/, 'lang'), 'en');
  });

  test('loads nothing but the stylesheet and the script of the server', () => {
    for (const source of allAttributes(html, 'src')) assert.match(source, /^(data:|\/assets\/[a-z]+\.[\w-]+\.js$)/);
    const links = [...html.matchAll(/<link [^>]*href="([^"]*)"/g)].map(([, href]) => href ?? '');
    assert.equal(links.length, 2);
    for (const link of links) assert.match(link, /^(data:image\/svg\+xml,|\/assets\/style\.[\w-]+\.css$)/);
    assert.doesNotMatch(html, /<script>|<iframe|<object| style=| on[a-z]+=/);
  });
});

describe('hostile values on the landing page', () => {
  for (const name of [
    '</title><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    `'&amp;<b>!$\{x}`,
    'Wow!',
    '{space} \u202eevil',
  ]) {
    test(`${name} is shown as text, as the name of the space and of the person`, () => {
      for (const agent of ['', android]) {
        const html = render({ space: name, name, agent });
        const heading = html.match(/<h1>.*<\/h1>/)?.[0] ?? '';
        assert.match(heading, /^<h1>(?:[^<>]|<wbr>|<\/?bdi>)*<\/h1>$/);
        assert.ok(textOf(heading).includes(name), heading);
        assert.doesNotMatch(html, /<script>|<img src=x/);
      }
    });
  }

  for (const query of ['?a="><script>alert(1)</script>', "?a=1&b='&amp;<>", '?a=%22%3E&reset_password', '?!!=!']) {
    test(`the query ${query} is kept unchanged, and shown as text`, () => {
      const html = render({ url: `${url}${query}` });
      assert.equal(attributeOf(html, /class="button"/, 'href'), `linphone-config:${url}${query}`);
      assert.equal(attributeOf(html, /id="address"/, 'value'), `${url}${query}`);
      assert.equal(attributeOf(html, /class="other-language"/, 'href'), `?lang=fr&${query.slice(1)}`);
      assert.doesNotMatch(html, /<script>/);
    });
  }
});

describe('the landing page of a code that is not valid', () => {
  const visit = { reader: readerIn('en'), url: '/provisioning/x', agent: '' };
  const page = landingPage(visit, { state: 'not-valid', space: spaceNamed('Kontor Nord', { contactText }) });

  test('says first that a connected phone is ready, then how to get a new code', () => {
    assert.match(page.html, /<h1>If Linphone shows you as connected, you are done<\/h1>/);
    assert.match(
      textOf(page.html),
      /Not connected\? Ask for a new code\..* Marta in the office ?\+49 431 555 0199 ?marta@kontor-nord\.example/,
    );
  });

  test('has no code, no link and no address', () => {
    assert.doesNotMatch(page.html, /<img|linphone-config:|<input/);
  });

  test('links to the phone number and the mail address of the contact', () => {
    assert.match(page.html, /<a href="tel:\+494315550199">/);
    assert.match(page.html, /<a href="mailto:marta@kontor-nord\.example">/);
  });

  test('gives general advice if the space names no contact', () => {
    const html = landingPage(visit, { state: 'not-valid', space: spaceNamed('Kontor Nord') }).html;
    assert.match(textOf(html), /the person who gave you this one/);
  });

  test('is sent with 200', () => assert.equal(page.status, undefined));
});

describe('the page for link previews and scanners', () => {
  const preview = previewPage(readerIn('en'));

  test('says what the address is for, in its head too', () => {
    assert.match(textOf(preview.html), /^Set up Linphone /);
    assert.match(attributeOf(preview.html, /name="description"/, 'content') ?? '', /^Open this address on your phone/);
    assert.equal(attributeOf(preview.html, /name="robots"/, 'content'), 'noindex,nofollow,noarchive');
  });

  test('has no code, no link and no address, but tells people what to do', () => {
    assert.doesNotMatch(preview.html, /<img|linphone-config:|<input|<a /);
    assert.match(textOf(preview.html), /open the address in a browser such as Chrome/);
  });
});
