import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, suite, test } from 'node:test';
import { type SignInAttempt, SignInLimits } from '../../src/access/sign-in-limits.ts';
import { AppError } from '../../src/errors.ts';

const alice: SignInAttempt = { name: 'alice@sip.example.test', network: '192.0.2.1', isFamiliar: false };

/** The seconds to wait; undefined if the password is looked at. */
async function delayOf(limits: SignInLimits, attempt: SignInAttempt): Promise<number | undefined> {
  try {
    await limits.admit(attempt);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof AppError);
    return error.factsOf('too-many-sign-ins')?.retryAfterSeconds;
  }
}

async function fail(limits: SignInLimits, times: number, attempt = alice): Promise<void> {
  for (let count = 0; count < times; count += 1) assert.equal(await delayOf(limits, attempt), undefined);
}

suite('failed sign-ins', () => {
  let limits: SignInLimits;
  beforeEach(() => {
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_700_000_000_000 });
    limits = new SignInLimits();
  });
  afterEach(() => mock.timers.reset());

  test('close a name for 30 seconds after five, then twice as long each time, up to 15 minutes', async () => {
    await fail(limits, 5);
    for (const delay of [30, 60, 120, 240, 480, 900, 900]) {
      assert.equal(await delayOf(limits, alice), delay);
      mock.timers.tick(delay * 1000 - 1);
      assert.equal(await delayOf(limits, alice), 1);
      mock.timers.tick(1);
      await fail(limits, 1);
    }
  });

  test('are forgotten 15 minutes after the first one', async () => {
    await fail(limits, 4);
    mock.timers.tick(15 * 60_000);
    await fail(limits, 5);
    assert.equal(await delayOf(limits, alice), 30);
  });

  test('close a name for everybody, wherever they are', async () => {
    await fail(limits, 5);
    assert.equal(await delayOf(limits, { ...alice, network: '198.51.100.7' }), 30);
  });

  test('leave a name open for a network in which its account signed in lately, if they were made elsewhere', async () => {
    await fail(limits, 5);
    const home = { ...alice, network: '203.0.113.9', isFamiliar: true };
    await fail(limits, 5, home);
    assert.equal(await delayOf(limits, home), 30);
  });

  test('leave it open there also if the typed names begin with the address of that network', async () => {
    for (const network of ['203.0.113.9', 'anywhere'])
      await fail(limits, 5, { ...alice, network: '198.51.100.7', name: `${network} ${alice.name}` });
    await fail(limits, 1, { ...alice, network: '203.0.113.9', isFamiliar: true });
    await fail(limits, 1);
  });

  test('close a network after failures with 20 names, for other names too', async () => {
    const names = Array.from({ length: 20 }, (_, index) => ({ ...alice, name: `user${index}@sip.example.test` }));
    for (const name of names) await fail(limits, 1, name);
    assert.equal(await delayOf(limits, { ...alice, name: 'bob@sip.example.test' }), 30);
    assert.equal(await delayOf(limits, names[0] ?? alice), 30);
    assert.equal(await delayOf(limits, { ...alice, network: '198.51.100.7' }), undefined);
  });

  test('close a network for all names except those whose accounts signed in there lately', async () => {
    for (let count = 0; count < 20; count += 1) await fail(limits, 1, { ...alice, name: `user${count}` });
    assert.equal(await delayOf(limits, alice), 30);
    await fail(limits, 5, { ...alice, isFamiliar: true });
  });

  test('count only once against the limit of their network if they all have one name', async () => {
    for (let count = 0; count < 18; count += 1) await fail(limits, 1, { ...alice, name: `user${count}` });
    await fail(limits, 4);
    await fail(limits, 1, { ...alice, name: 'bob' });
    assert.equal(await delayOf(limits, { ...alice, name: 'user0' }), 30);
  });

  test('are forgotten after a successful sign-in', async () => {
    await fail(limits, 5);
    await limits.succeeded(alice);
    await fail(limits, 5);
    assert.equal(await delayOf(limits, alice), 30);
  });

  test('are at most five at a time: of many simultaneous passwords, five are checked', async () => {
    const delays = await Promise.all(Array.from({ length: 100 }, () => delayOf(limits, alice)));
    assert.equal(delays.filter((delay) => delay === undefined).length, 5);
    mock.timers.tick(30_000);
    const later = await Promise.all(Array.from({ length: 100 }, () => delayOf(limits, alice)));
    assert.equal(later.filter((delay) => delay === undefined).length, 1);
  });
});

test('a stranger with many networks and names neither fills the memory nor ends the delays of others', async (t) => {
  t.mock.timers.enable({ apis: ['Date', 'setTimeout'] });
  const limits = new SignInLimits();
  await fail(limits, 5);
  let waits = 0;
  for (let count = 0; count < 2_000; count += 1) {
    const network = `2001:db8:1:${count.toString(16)}::`;
    if ((await delayOf(limits, { name: `made-up-${count}`, network, isFamiliar: false })) !== undefined) waits += 1;
  }
  assert.ok(waits > 1_900, `${waits} of 2,000 networks of one /48 had to wait`);
  assert.equal(await delayOf(limits, alice), 30);
});
