import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { buildServer } from '../../src/server.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { modern } from '../support/phone.ts';
import { mountDisk, type SmallDisk, skipUnlessMounting } from '../support/small-disk.ts';

// One database: the disk is that of the SQLite file and of what is kept beside it.

const drafts = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.json.new'));
const patience = () => AbortSignal.timeout(300);

describe('a disk that is full when the server stops', { skip: skipUnlessMounting() }, () => {
  const disks: SmallDisk[] = [];
  after(() => {
    for (const disk of disks) disk.unmount();
  });
  const newDisk = (): SmallDisk => {
    const disk = mountDisk('24m');
    assert.ok(disk);
    disks.push(disk);
    return disk;
  };

  /** Returns codes that were answered a moment before nothing more fitted on the disk. */
  async function redeemAndFill(t: TestApp, disk: SmallDisk, count: number): Promise<string[]> {
    const server = await buildServer(t.app);
    await server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.server.address() as AddressInfo;
    const codes: string[] = [];
    for (let left = count; left > 0; left -= 1) codes.push(await t.makeToken(await t.makeAccount()));
    await t.app.events.flush();
    const answers = codes.map(async (code) =>
      (await fetch(`http://127.0.0.1:${port}/provisioning/${code}`, { headers: modern })).text(),
    );
    for (const answer of await Promise.all(answers)) assert.match(answer, /auth_info_0/);
    disk.fill();
    await server.close();
    return codes;
  }

  async function assertUsed(t: TestApp, codes: readonly string[]): Promise<void> {
    for (const code of codes) {
      const { body } = await t.server.inject({ url: `/provisioning/${code}`, headers: modern });
      assert.doesNotMatch(body, /auth_info_0/, 'a used code was answered again');
    }
  }

  test('still keeps the outcomes of the last answers, so that no used code is answered again', async () => {
    const disk = newDisk();
    const database = join(disk.folder, 'ringup.sqlite');
    const stopping = await openTestApp(database);
    const codes = await redeemAndFill(stopping, disk, 40);
    await stopping.app.close(patience());
    assert.ok(existsSync(join(disk.folder, `unwritten-${stopping.app.bootId}.json`)), stopping.logged());
    await assert.rejects(openTestApp(database), 'a start on the full disk');
    disk.free();
    const restarted = await openTestApp(database);
    await assertUsed(restarted, codes);
    await restarted.close();
  });

  test('keeps the outcomes of deliveries if not everything fits, and says what is lost', async () => {
    const disk = newDisk();
    const database = join(disk.folder, 'ringup.sqlite');
    const stopping = await openTestApp(database);
    const codes = await redeemAndFill(stopping, disk, 5);
    const { accountId, spaceId } = await stopping.app.database
      .selectFrom('events')
      .select(['account_id as accountId', 'space_id as spaceId'])
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    const detail = { reason: 'used' } as const;
    for (let count = 0; count < 4000; count += 1) {
      const agent = `${count}`.padEnd(200, 'x');
      stopping.app.events.keep({ at: stopping.app.now(), kind: 'refused', spaceId, accountId, agent, detail });
    }
    await stopping.app.close(patience());
    assert.match(stopping.logged(), /had no room for all events/);
    disk.free();
    const restarted = await openTestApp(database);
    await assertUsed(restarted, codes);
    await restarted.close();
  });

  test('keeps its reserved room from start to stop, and the next start frees that of a killed process', async () => {
    const disk = newDisk();
    const killed = join(disk.folder, 'unwritten-00000000-0000-4000-8000-000000000001.json.new');
    writeFileSync(killed, ' ');
    const t = await openTestApp(join(disk.folder, 'ringup.sqlite'));
    const [draft = '', ...others] = drafts(disk.folder);
    assert.deepEqual(others, []);
    assert.ok(draft.includes(t.app.bootId));
    const { size, blocks, mode } = statSync(join(disk.folder, draft));
    assert.ok(blocks * 512 >= size && size > 100_000);
    assert.equal(mode & 0o777, 0o600);
    await t.close();
    assert.deepEqual(drafts(disk.folder), []);
  });
});
