import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setPublicUrl } from '../../src/administration/set-public-url.ts';
import { heartbeatMs } from '../../src/cluster/node-store.ts';
import { operator } from '../../src/events/actor.ts';
import { addressJob, type Job, jobsOf, startJobs } from '../../src/jobs/jobs.ts';
import { openTestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { waitUntil } from '../support/wait-until.ts';

const running = new AbortController().signal;

forEachDatabase('the jobs of a server', (makeUrl) => {
  test('reload spaces and linphonerc every half second, and can run at any time', async () => {
    const t = await openTestApp(await makeUrl(), { RINGUP_EVENTS_KEPT: '1d' });
    const jobs = jobsOf(t.app);
    for (const { name, everyMs } of jobs.filter((job) => job.name.endsWith('again'))) assert.equal(everyMs, 500, name);
    assert.equal(jobs.find(({ name }) => name === 'the heartbeat')?.everyMs, heartbeatMs);
    for (const job of jobs) await job.run(running);
    await t.close();
  });

  test('tell commands a new address for phones, whoever set it, and again if that failed', async () => {
    const t = await openTestApp(await makeUrl(), { RINGUP_PUBLIC_URL: '' });
    const told: string[] = [];
    const job = addressJob(t.app.address, async () => {
      told.push(t.app.address.url);
      if (told.length === 1) throw new Error('on purpose');
    });
    await job.run(running);
    assert.deepEqual(told, []);
    await setPublicUrl(t.app, operator, 'http://192.0.2.7:8080');
    await assert.rejects(async () => job.run(running), /on purpose/);
    await job.run(running);
    await job.run(running);
    assert.deepEqual(told, ['http://192.0.2.7:8080', 'http://192.0.2.7:8080']);
    await t.close();
  });
});

function jobOf(run: Job['run']): Job {
  return { name: 'a job', everyMs: 1, run };
}

test('a job that takes long never runs twice at once', async () => {
  let [running, runs, most] = [0, 0, 0];
  const stop = startJobs(
    [
      jobOf(async () => {
        runs += 1;
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running -= 1;
      }),
    ],
    assert.fail,
  );
  assert.ok(await waitUntil(() => runs > 2));
  stop();
  assert.equal(most, 1);
});

test('a job that fails is logged and runs again, and the other jobs continue', async () => {
  const told: unknown[] = [];
  let others = 0;
  const stop = startJobs(
    [
      jobOf(() => {
        throw new Error('on purpose');
      }),
      jobOf(() => {
        others += 1;
      }),
    ],
    (error, { name }) => told.push(`${name}: ${error}`),
  );
  assert.ok(await waitUntil(() => told.length > 1 && others > 1));
  stop();
  assert.equal(told[0], 'a job: Error: on purpose');
});

test('a job that takes long is told to end when the jobs stop', async () => {
  let [begun, ended] = [false, false];
  const job = jobOf(async (signal) => {
    begun = true;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    ended = true;
  });
  const stop = startJobs([job], assert.fail);
  assert.ok(await waitUntil(() => begun));
  stop();
  assert.ok(await waitUntil(() => ended));
});
