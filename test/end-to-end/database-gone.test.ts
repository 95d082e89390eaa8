import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openTestApp } from '../support/app.ts';
import { modern } from '../support/phone.ts';
import { type ServingProcess, startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const stops: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const stop of stops) await stop();
});

async function startWithCode() {
  const dataDir = tempDirectory();
  const file = join(dataDir, 'ringup.sqlite');
  const setup = await openTestApp(file);
  const code = await setup.makeToken(await setup.makeAccount());
  await setup.app.close();
  const server = await startServe({ RINGUP_DATA_DIR: dataDir });
  stops.push(() => server.kill());
  return { dataDir, file, code, adminKey: setup.adminKey, server };
}

function create(server: ServingProcess, key: string): Promise<Response> {
  const headers = { 'x-api-key': key, 'content-type': 'application/json' };
  const body = JSON.stringify({ username: 'late', password: 'secret' });
  return fetch(`${server.url}/api/accounts`, { method: 'POST', headers, body });
}

for (const [what, remove] of [
  ['deleted', (file: string) => rmSync(file)],
  ['replaced', (file: string) => renameSync(`${file}-wal`, file)],
] as const) {
  test(`a database file that is ${what} under the server accepts no more changes, and phones and callers get 503`, async () => {
    const { file, code, adminKey, server } = await startWithCode();
    remove(file);
    const created = await create(server, adminKey);
    assert.equal(created.status, 503);
    assert.match(await created.text(), /was deleted or replaced while the server ran/);
    const fetched = await fetch(`${server.url}/provisioning/${code}`, { headers: modern });
    assert.equal(fetched.status, 503);
    // The log is written a moment after the answers.
    const isLogged = () => /"why":"replaced"/.test(server.logged()) && /Restart Ringup/.test(server.logged());
    assert.ok(await waitUntil(isLogged), server.logged());
    await server.kill();
  });
}

test('a start without its previous database is refused, until server.json is removed', async () => {
  const { dataDir, file, server } = await startWithCode();
  await server.stop();
  for (const name of readdirSync(dataDir)) if (name.startsWith('ringup.sqlite')) rmSync(join(dataDir, name));
  await assert.rejects(startServe({ RINGUP_DATA_DIR: dataDir }), /is gone: move it back/);
  assert.ok(!existsSync(file), 'a refused start makes no database');
  rmSync(join(dataDir, 'server.json'));
  const anew = await startServe({ RINGUP_DATA_DIR: dataDir });
  assert.equal(await anew.stop(), 0);
});
