import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillPlaceholders, foreignPlaceholders } from '../../src/lib/placeholders.ts';

test('placeholders are filled once, and braces in a value are kept', () => {
  assert.equal(
    fillPlaceholders('{name}, {link}, {other}', { name: '{link}', link: 'https://a' }),
    '{link}, https://a, {other}',
  );
});

test('placeholders of other names are found', () => {
  assert.deepEqual(foreignPlaceholders('{name} {Name} {} {constructor}', ['name']), ['Name', '', 'constructor']);
});
