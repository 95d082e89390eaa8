import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { reservePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';

const notLinux = process.platform === 'linux' ? false : 'only Linux has abstract sockets';

test('a port belongs to one process, until that is killed', { skip: notLinux }, async (t) => {
  const script = `
    import { freePort } from ${JSON.stringify(join(import.meta.dirname, 'free-port.ts'))};
    process.stdout.write(String(await freePort()));
    setInterval(() => {}, 1_000);
  `;
  const owner = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => owner.kill('SIGKILL'));
  const [output] = await once(owner.stdout, 'data');
  const port = Number(output);
  assert.ok(port >= 20_000);
  assert.equal(await reservePort(port), false);
  owner.kill('SIGKILL');
  assert.ok(await waitUntil(() => reservePort(port)));
  assert.equal(await reservePort(port), false, 'nor twice to the same process');
});
