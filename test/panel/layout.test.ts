import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { contentSecurityPolicy, layout, pathPrefixOf } from '../../src/panel/layout.ts';
import { attributeOf, textOf } from '../support/html.ts';

const page = layout({ title: '</title><script>alert(1)</script>', width: 'text', main: '<p>Said.</p>' });

test('the policy allows exactly the stylesheet that is in the page, and nothing that runs or is loaded', () => {
  const style = page.match(/<style>(.*)<\/style>/s)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  assert.match(contentSecurityPolicy, /^default-src 'none'; /);
  assert.ok(contentSecurityPolicy.includes(`style-src 'sha256-${hash}';`));
  assert.doesNotMatch(contentSecurityPolicy, /script-src|unsafe|\*|https?:/);
});

test('the stylesheet asks for nothing from elsewhere', () => {
  assert.doesNotMatch(page.match(/<style>(.*)<\/style>/s)?.[1] ?? '', /url\(|@import|</);
});

test('a page names its language, fits a phone, and escapes its title', () => {
  assert.match(page, /^<!doctype html>\n<html lang="en">/);
  assert.equal(attributeOf(page, /viewport/, 'content'), 'width=device-width, initial-scale=1');
  assert.doesNotMatch(page, /<script/);
  assert.match(textOf(page), /^<\/title><script>alert\(1\)<\/script> Ringup Said\.$/);
});

test('the name in the head leads home only where there is one', () => {
  assert.equal(attributeOf(page, /class="brand"/, 'href'), undefined);
  const manual = layout({ title: 'T', width: 'text', home: '/phones/', main: '' });
  assert.equal(attributeOf(manual, /class="brand"/, 'href'), '/phones/');
});

test('the path prefix of a public URL has no slash at its end', () => {
  assert.equal(pathPrefixOf('https://ringup.example.com'), '');
  assert.equal(pathPrefixOf('https://example.com/phones'), '/phones');
  assert.equal(pathPrefixOf('https://example.com/a/b/'), '/a/b');
});
