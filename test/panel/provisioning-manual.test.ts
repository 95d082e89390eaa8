import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { provisioningManualPage } from '../../src/panel/pages/provisioning-manual.ts';
import { openTestApp } from '../support/app.ts';
import { sqliteUrl } from '../support/databases.ts';
import { allAttributes, textOf } from '../support/html.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const { html, status } = provisioningManualPage('https://example.com/phones');

test('the manual of provisioning explains every address', () => {
  const headings = [...html.matchAll(/<h3><span class="method get">GET<\/span> <code>(.*?)<\/code><\/h3>/g)];
  assert.deepEqual(
    headings.map(([, path]) => textOf(path ?? '')),
    [
      '/provisioning',
      '/provisioning/{token}',
      '/provisioning/{token}?reset_password',
      '/provisioning/qrcode/{token}',
      '/provisioning/me',
      '/provisioning/auth_token/{auth_token}',
    ],
  );
  assert.equal(status, undefined);
  assert.match(textOf(html), /All addresses begin with https:\/\/example\.com\/phones\./);
});

test('the manual of provisioning says what uses a token up and what does not', () => {
  assert.match(textOf(html), /What uses a token up Only a GET that a phone sends and that is answered\./);
  for (const harmless of [
    'in a browser',
    'Sec-Purpose: prefetch',
    'HEAD, OPTIONS',
    'showing the QR code',
    'was lost',
  ]) {
    assert.ok(textOf(html).includes(harmless), harmless);
  }
});

test('the manual of provisioning links to how a request proves who is calling, under the path prefix', () => {
  const links = allAttributes(html, 'href').filter((href) => !/^(?:data:|\?lang=)/.test(href));
  assert.ok(links.filter((href) => href === '/phones/api#about--auth').length >= 2);
  for (const href of links) assert.match(href, /^\/phones\//);
});

test('the manual of provisioning has its headings in French, and says that its text is English', () => {
  const french = provisioningManualPage('https://example.com/phones', 'fr').html;
  assert.match(french, /<html lang="fr">/);
  assert.match(textOf(french), /Le texte de ce manuel est en anglais\./);
  assert.match(french, /<main lang="en">[\s\S]*<h2 id="used-up" lang="fr">Ce qui épuise un code<\/h2>/);
  assert.doesNotMatch(html, /Le texte|The text of this manual/);
});

// One database: the page is the same on both.
test('each link into the manual of the API leads to a part of it', async (t) => {
  const served = await openTestApp(sqliteUrl(join(tempDirectory(), 'ringup.sqlite')));
  t.after(() => served.close());
  const { body } = await served.server.inject({ url: '/api', headers: { accept: 'text/html' } });
  const parts = [...html.matchAll(/\/api#([\w-]+)/g)].map(([, id]) => id);
  assert.ok(parts.length > 0);
  for (const id of parts) assert.ok(body.includes(`id="${id}"`), id);
});
