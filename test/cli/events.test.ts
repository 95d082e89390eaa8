import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { forEachTerminal } from '../support/cli.ts';
import { waitUntil } from '../support/wait-until.ts';

forEachTerminal('ringup events', (open) => {
  test('shows what happened to all accounts, or to one', async () => {
    const ringup = await open();
    assert.equal((await ringup('events')).out, 'There are no such events.\n');
    await ringup('account add alice');
    await ringup('account add bob');
    await ringup('account block bob');
    const all = (await ringup('events')).out.trimEnd().split('\n');
    assert.equal(all.length, 5);
    assert.match(
      all[0] ?? '',
      /^\d{4}-\d\d-\d\d \d\d:\d\d[+-]\d\d:\d\d {2}alice@sip\.example\.test {2}The account was created on the command line\.$/,
    );
    assert.match(
      all[1] ?? '',
      /valid until \d{4}-\d\d-\d\d \d\d:\d\d[+-]\d\d:\d\d\.$/,
      'in the zone of the times before it',
    );
    const bob = (await ringup('events bob --kind blocked,unblocked')).out;
    assert.match(bob, /^\S+ \S+ {2}The account was blocked on the command line\.\n$/);
    const json = (await ringup('events bob --json --limit 1')).json;
    assert.deepEqual([json.kind, json.actor, json.space], ['blocked', 'command line', 'sip.example.test']);
    assert.equal((await ringup('events --since 1h')).out.split('\n').length, 6);
    assert.equal((await ringup('events --since 2100-01-01')).out, 'There are no such events.\n');
  });

  for (const [words, said] of [
    ['--kind fetch', /^--kind "fetch" is not a kind of event: the closest is fetched\.\n$/],
    ['--since soon', /^--since "soon" must be a duration such as 15m/],
    ['--limit 0', /^--limit "0" must be a number from 1 to 100000\.\n$/],
    ['alice --space sip.example.test', /^--space cannot be combined with USER\.\n$/],
    ['nobody', /There is no account "nobody@/],
  ] as const) {
    test(`ringup events ${words} is refused with advice`, async () => {
      const { status, err } = await (await open())(`events ${words}`);
      assert.notEqual(status, 0);
      assert.match(err, said);
    });
  }

  test('continues with --follow until it is interrupted', async () => {
    const ringup = await open();
    await ringup('account add alice');
    const program = join(import.meta.dirname, '../../bin/ringup.cjs');
    const child = spawn(process.execPath, [program, 'events', '--follow', '--limit', '1'], {
      env: { ...process.env, ...ringup.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    assert.ok(await waitUntil(() => shown.includes('A code was issued')));
    await ringup('account block alice');
    await ringup('account unblock alice');
    assert.ok(await waitUntil(() => shown.includes('unblocked')));
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    const told = shown
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(24));
    assert.deepEqual(told.slice(1), [
      'alice@sip.example.test  The account was blocked on the command line.',
      'alice@sip.example.test  The account was unblocked on the command line.',
    ]);
  });
});
