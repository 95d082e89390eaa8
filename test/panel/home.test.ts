import assert from 'node:assert/strict';
import { test } from 'node:test';
import { homePage } from '../../src/panel/pages/home.ts';
import { allAttributes, textOf } from '../support/html.ts';

const links = (html: string): string[] => allAttributes(html, 'href').filter((href) => !/^data:|\/assets\//.test(href));

test('the home page says what this server is and leads to the two manuals', () => {
  const { html, status } = homePage('');
  assert.equal(status, undefined);
  assert.match(textOf(html), /It runs Ringup, which gives Linphone its configuration/);
  assert.deepEqual(links(html), ['/provisioning/documentation', '/api']);
});

test('its links keep the path prefix of the public URL, and hold on any host', () => {
  const { html } = homePage('/phones');
  assert.deepEqual(links(html), ['/phones/provisioning/documentation', '/phones/api']);
});
