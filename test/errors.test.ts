import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { errorCatalogue } from '../src/errors.ts';

const root = new URL('..', import.meta.url);
const source = globSync('src/**/*.ts', { cwd: root })
  .filter((path) => path !== 'src/errors.ts')
  .map((path) => readFileSync(new URL(path, root), 'utf8'))
  .join('\n');

describe('the catalogue of errors', () => {
  for (const code of Object.keys(errorCatalogue)) {
    test(`${code} is in use`, () => assert.ok(source.includes(`'${code}'`)));
  }
});
