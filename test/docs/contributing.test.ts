import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { root } from './pages.ts';

test('CONTRIBUTING.md and .ci/run install the packages that .ci/packages lists', () => {
  const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
  const packages = read('.ci/packages').trimEnd().split('\n');
  assert.deepEqual(packages, [...new Set(packages)].sort());
  for (const name of packages) assert.match(name, /^[a-z0-9][a-z0-9.+-]+$/);
  const installs = [...read('CONTRIBUTING.md').matchAll(/^.*apt-get install.*$/gm)].map(([line]) => line);
  assert.deepEqual(installs, ['xargs --arg-file=.ci/packages sudo apt-get install']);
  assert.match(read('.ci/run'), /^mapfile -t packages <\.ci\/packages$/m);
});
