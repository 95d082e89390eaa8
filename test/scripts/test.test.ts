import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory } from '../support/temp-directory.ts';

const script = join(import.meta.dirname, '../../scripts/test.sh');

/** Runs `npm test` with an npm whose checks of these names fail. */
function runWith(failing: string) {
  const folder = tempDirectory();
  const npm = join(folder, 'npm');
  writeFileSync(npm, `#!/bin/sh\necho "$3"\ncase " ${failing} " in *" $3 "*) exit 1 ;; esac\n`);
  chmodSync(npm, 0o755);
  const { status, stdout, stderr } = spawnSync('sh', [script], {
    env: { PATH: `${folder}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  return { status, ran: stdout.trim().split('\n'), stderr };
}

const checks = ['typecheck', 'lint', 'test:unit', 'test:end-to-end'];

for (const [failing, said] of [
  ['', ''],
  ['typecheck', 'Failed: typecheck\n'],
  ['test:unit', 'Failed: test:unit\n'],
  ['lint test:end-to-end', 'Failed: lint test:end-to-end\n'],
] as const) {
  test(`npm test runs every check and ends with ${said === '' ? 0 : 1} if ${failing || 'nothing'} fails`, () => {
    assert.deepEqual(runWith(failing), { status: said === '' ? 0 : 1, ran: checks, stderr: said });
  });
}
