import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { apiClient } from '../support/api-client.ts';
import { requirePrograms } from '../support/debian.ts';
import { freePort } from '../support/free-port.ts';
import { registrarPrograms } from '../support/kamailio.ts';
import { startServe } from '../support/serve.ts';
import { register } from '../support/sip-register.ts';
import { startSmallServer } from '../support/small-sip-server.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const manual = join(import.meta.dirname, '../../docs/sip-servers.md');
/** Nobody's, and in no group together. */
const users = { ringup: { uid: 63_001, gid: 63_001 }, kamailio: { uid: 63_002, gid: 63_002 } };
const domain = 'sip.example.test';

test('a Kamailio of another user reads the SQLite file with the permissions of the manual, even after both restart', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('only root can become two other users');
  if (!requirePrograms(t, { ...registrarPrograms, setpriv: 'util-linux' })) return;
  const dataDir = tempDirectory();
  chownSync(dataDir, users.ringup.uid, users.ringup.gid);
  const startRingup = async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    const environment = { RINGUP_DATA_DIR: dataDir, RINGUP_LISTEN: listen, RINGUP_LOG_LEVEL: 'warn' };
    const serving = await startServe(environment, { user: users.ringup });
    t.after(() => serving.stop());
    return serving;
  };
  const startKamailio = async () => {
    const port = await freePort();
    const kamailio = startSmallServer(join(dataDir, 'ringup.sqlite'), port, users.kamailio);
    t.after(() => kamailio.stop());
    const status = (password: string) => register({ port, username: 'alice', domain, password });
    return { ...kamailio, status };
  };
  const serving = await startRingup();
  const api = await apiClient(serving);
  await api('POST', '/api/accounts', { username: 'alice', password: 'secret', activated: true });
  execFileSync('sh', ['-ec', commandsByHand(dataDir)]);

  const kamailio = await startKamailio();
  assert.equal(await kamailio.status('secret'), 200, kamailio.log());
  await kamailio.stop();
  assert.equal(await serving.stop(), 0);
  assert.equal(existsSync(join(dataDir, 'ringup.sqlite-wal')), false, 'the last one to close it removes it');

  const again = await startRingup();
  const kamailioAgain = await startKamailio();
  assert.equal(await kamailioAgain.status('secret'), 200, kamailioAgain.log());
  assert.equal(await again.stop(), 0);
  await startRingup();
  assert.equal(await kamailioAgain.status('secret'), 200, 'Ringup alone was restarted');

  const seen = ['ringup.sqlite', 'ringup.sqlite-wal', 'ringup.sqlite-shm', 'secret', 'server.json', 'serve.lock'];
  const modes = seen.map((name) => [name, (statSync(join(dataDir, name)).mode & 0o777).toString(8)]);
  assert.deepEqual(modes, [
    ['ringup.sqlite', '640'],
    ['ringup.sqlite-wal', '640'],
    ['ringup.sqlite-shm', '640'],
    ['secret', '600'],
    ['server.json', '600'],
    ['serve.lock', '600'],
  ]);
});

/** What the manual says to type, for this directory and this group. */
function commandsByHand(dataDir: string): string {
  const block = /Without the systemd unit[^`]*```sh\n(?<commands>[^`]*)```/.exec(readFileSync(manual, 'utf8'));
  const commands = block?.groups?.commands ?? assert.fail('the manual has no commands');
  return commands.replaceAll('/var/lib/ringup', dataDir).replace('chgrp kamailio', `chgrp ${users.kamailio.gid}`);
}
