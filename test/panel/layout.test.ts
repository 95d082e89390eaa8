import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { stylesheet } from '../../src/panel/assets.ts';
import { layout, pathPrefixOf } from '../../src/panel/layout.ts';
import { attributeOf, textOf } from '../support/html.ts';

const page = layout({
  title: '</title><script>alert(1)</script>',
  width: 'reading',
  prefix: '/phones',
  main: '<p>Said.</p>',
});

test('a page links to its stylesheet by its hash, under the path prefix', () => {
  assert.match(stylesheet.name, /^style\.[\w-]{12}\.css$/);
  assert.equal(attributeOf(page, /rel="stylesheet"/, 'href'), `/phones/assets/${stylesheet.name}`);
});

test('the stylesheet contains every file of assets/style/', () => {
  const files = globSync(new URL('../../src/panel/assets/style/*.css', import.meta.url).pathname);
  assert.ok(files.length > 1);
  for (const file of files) assert.ok(stylesheet.bytes.includes(readFileSync(file)), file);
});

test('the stylesheet loads nothing from other sites', () => {
  assert.doesNotMatch(stylesheet.bytes.toString(), /url\(|@import|</);
});

test('a page names its language, fits a phone, and escapes its title', () => {
  assert.match(page, /^<!doctype html>\n<html lang="en">/);
  assert.equal(attributeOf(page, /viewport/, 'content'), 'width=device-width, initial-scale=1');
  assert.doesNotMatch(page, /<script/);
  assert.match(textOf(page), /^<\/title><script>alert\(1\)<\/script> Ringup Said\.$/);
});

test('the name in the header links to the home page only if there is one', () => {
  assert.equal(attributeOf(page, /class="wordmark"/, 'href'), undefined);
  const manual = layout({ title: 'T', width: 'reading', prefix: '/phones', leadsHome: true, main: '' });
  assert.equal(attributeOf(manual, /class="wordmark"/, 'href'), '/phones/');
});

test('the path prefix of a public URL has no slash at its end', () => {
  assert.equal(pathPrefixOf('https://ringup.example.com'), '');
  assert.equal(pathPrefixOf('https://example.com/phones'), '/phones');
  assert.equal(pathPrefixOf('https://example.com/a/b/'), '/a/b');
});
