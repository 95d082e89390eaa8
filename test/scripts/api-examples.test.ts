import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiExamples } from '../../scripts/api-examples.ts';
import { serverOpenapi } from '../../scripts/server-openapi.ts';
import { readApiExamples } from '../../src/panel/api-examples.ts';
import { groupOperations } from '../../src/panel/pages/api-manual.ts';

test('the examples of the manual are what a server answers now: otherwise run npm run docs', async () => {
  assert.deepEqual(readApiExamples(), await apiExamples());
});

test('each call of the manual has an example', async () => {
  const examples = readApiExamples();
  const without = groupOperations(await serverOpenapi())
    .flatMap(({ operations }) => operations)
    .filter(({ methods, path }) => methods.every((method) => examples[`${method} ${path}`] === undefined))
    .map(({ methods, path }) => `${methods.join(' or ')} ${path}`);
  assert.deepEqual(without, []);
});
