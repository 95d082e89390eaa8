import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Nonces, type NoncesOptions } from '../../src/access/digest-nonces.ts';

const minute = 60_000;

/** Nonces under a clock that the test moves. */
function setUp(options: Partial<NoncesOptions> = {}) {
  const clock = { time: 1_000_000 };
  const defaults = { secret: 'secret', bootId: 'boot 1', now: () => clock.time };
  return { clock, nonces: new Nonces({ ...defaults, ...options }) };
}

function issueMany(nonces: Nonces, count: number): string[] {
  return Array.from({ length: count }, () => nonces.issue());
}

/** `text` with the character at `index` replaced by another one. */
function changeAt(text: string, index: number): string {
  return `${text.slice(0, index)}${text[index] === 'x' ? 'y' : 'x'}${text.slice(index + 1)}`;
}

describe('a nonce', () => {
  test('is fresh when issued, and different each time', () => {
    const { nonces } = setUp();
    const issued = issueMany(nonces, 1000);
    assert.equal(new Set(issued).size, 1000);
    for (const nonce of issued) assert.equal(nonces.check(nonce), 'fresh');
  });

  test('needs no escaping in a quoted string', () => {
    assert.match(setUp().nonces.issue(), /^[\w.-]{50,128}$/);
  });

  test('is stale after five minutes, used or not', () => {
    const { clock, nonces } = setUp();
    const [used = '', unused = ''] = issueMany(nonces, 2);
    nonces.use(used, 1);
    clock.time += 5 * minute - 1;
    assert.deepEqual([nonces.check(used), nonces.check(unused)], ['fresh', 'fresh']);
    clock.time += 1;
    assert.deepEqual([nonces.check(used), nonces.check(unused)], ['stale', 'stale']);
    assert.deepEqual([nonces.use(used, 2), nonces.use(unused, 1)], [false, false]);
  });

  test('can be given another lifetime', () => {
    const { clock, nonces } = setUp({ lifetimeMs: 10 });
    const nonce = nonces.issue();
    clock.time += 10;
    assert.equal(nonces.check(nonce), 'stale');
  });

  test('is stale after a restart, because the server no longer knows whether it was used', () => {
    const before = setUp().nonces;
    const after = setUp({ bootId: 'boot 2' }).nonces;
    const nonce = before.issue();
    before.use(nonce, 1);
    assert.equal(after.check(nonce), 'stale');
    assert.equal(after.use(nonce, 1), false);
    assert.equal(after.use(nonce, 2), false);
  });

  test('is forged if it was signed with another secret', () => {
    const nonce = setUp({ secret: Buffer.from('other secret') }).nonces.issue();
    const { nonces } = setUp();
    assert.equal(nonces.check(nonce), 'forged');
    assert.equal(nonces.use(nonce, 1), false);
  });

  test('is forged if any character is changed, added or missing', () => {
    const { nonces } = setUp();
    const nonce = nonces.issue();
    const changed = Array.from(nonce, (_, index) => changeAt(nonce, index));
    const cut = Array.from(nonce, (_, index) => nonce.slice(0, index));
    for (const forged of [...changed, ...cut, `${nonce}x`, `x${nonce}`, `${nonce}=`, `${nonce}.`, ` ${nonce}`, 'é']) {
      assert.equal(nonces.check(forged), 'forged', forged);
      assert.equal(nonces.use(forged, 1), false, forged);
    }
  });

  test('any other text is a forged nonce, and checking it never throws', () => {
    const { nonces } = setUp();
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom('.', 'a', '-')).map((all) => all.join('')),
    );
    fc.assert(fc.property(text, (nonce) => assert.equal(nonces.check(nonce), 'forged')));
    assert.equal(nonces.check('a'.repeat(16_384)), 'forged');
  });

  test('stays fresh and expires on time if the clock is set back after it was issued', () => {
    const { clock, nonces } = setUp();
    const early = nonces.issue();
    clock.time -= 60 * minute;
    const late = nonces.issue();
    assert.deepEqual([nonces.check(early), nonces.check(late)], ['fresh', 'fresh']);
    clock.time += 5 * minute;
    assert.deepEqual([nonces.check(early), nonces.check(late)], ['stale', 'stale']);
    assert.equal(nonces.check(nonces.issue()), 'fresh');
  });
});

describe('the nc of a nonce', () => {
  test('is accepted once', () => {
    const { nonces } = setUp();
    const nonce = nonces.issue();
    assert.equal(nonces.use(nonce, 1), true);
    assert.equal(nonces.use(nonce, 1), false);
    assert.equal(nonces.use(nonce, 2), true);
    assert.equal(nonces.use(nonce, 1), false);
    assert.equal(nonces.use(nonce, 2), false);
  });

  test('counts only for its own nonce', () => {
    const { nonces } = setUp();
    for (const nonce of issueMany(nonces, 3)) assert.equal(nonces.use(nonce, 1), true);
  });

  test('is not used up when a nonce is only checked', () => {
    const { nonces } = setUp();
    const nonce = nonces.issue();
    for (let i = 0; i < 3; i += 1) assert.equal(nonces.check(nonce), 'fresh');
    assert.equal(nonces.use(nonce, 1), true);
    assert.equal(nonces.check(nonce), 'fresh');
  });

  test('is accepted from exactly one of many simultaneous requests', async () => {
    const { nonces } = setUp();
    const nonce = nonces.issue();
    const taken = await Promise.all(Array.from({ length: 50 }, async () => nonces.use(nonce, 1)));
    assert.equal(taken.filter(Boolean).length, 1);
  });

  test('may be up to 127 lower than the highest one, in any order', () => {
    const { nonces } = setUp();
    const nonce = nonces.issue();
    assert.equal(nonces.use(nonce, 128), true);
    for (let nc = 1; nc < 128; nc += 1) assert.equal(nonces.use(nonce, nc), true, String(nc));
    for (let nc = 1; nc <= 128; nc += 1) assert.equal(nonces.use(nonce, nc), false, String(nc));
  });

  test('is refused if it is more than 127 lower than the highest one', () => {
    const { nonces } = setUp();
    const nonce = nonces.issue();
    nonces.use(nonce, 1);
    nonces.use(nonce, 130);
    assert.equal(nonces.use(nonce, 2), false);
    assert.equal(nonces.use(nonce, 3), true);
  });

  test('may have any value of eight hexadecimal digits', () => {
    const { nonces } = setUp();
    const nonce = nonces.issue();
    assert.equal(nonces.use(nonce, 1), true);
    assert.equal(nonces.use(nonce, 0xffffffff), true);
    assert.equal(nonces.use(nonce, 0xffffffff), false);
    assert.equal(nonces.use(nonce, 0xfffffffe), true);
    assert.equal(nonces.use(nonce, 1), false);
  });

  test('is never accepted twice, and always accepted if it is unused and within the window', () => {
    const anyNc = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 0xffffffff }));
    fc.assert(
      fc.property(fc.array(anyNc, { maxLength: 300 }), (sequence) => {
        const { nonces } = setUp();
        const nonce = nonces.issue();
        const taken = new Set<number>();
        let newest = 0;
        for (const nc of sequence) {
          assert.equal(nonces.use(nonce, nc), !taken.has(nc) && nc > newest - 128, `nc ${nc} after ${newest}`);
          taken.add(nc);
          newest = Math.max(newest, nc);
        }
      }),
    );
  });
});

describe('the bound on remembered nonces', () => {
  test('makes forgotten nonces stale, so that they cannot be replayed', () => {
    const { clock, nonces } = setUp({ maxTracked: 4 });
    const used: string[] = [];
    for (let i = 0; i < 20; i += 1) {
      clock.time += 1;
      const nonce = nonces.issue();
      assert.equal(nonces.use(nonce, 1), true);
      used.push(nonce);
      for (const earlier of used) assert.equal(nonces.use(earlier, 1), false);
    }
    assert.deepEqual(
      used.map((nonce) => nonces.check(nonce)),
      used.map((_, index) => (index < 16 ? 'stale' : 'fresh')),
    );
  });

  test('allows no replay among nonces that were issued at the same moment', () => {
    const { nonces } = setUp({ maxTracked: 4 });
    const issued = issueMany(nonces, 20);
    const taken = issued.filter((nonce) => nonces.use(nonce, 1));
    assert.ok(taken.length >= 4);
    for (const nonce of issued) assert.equal(nonces.use(nonce, 1), false);
  });

  test('allows no replay, in whatever order nonces are issued, used and repeated', () => {
    const step = fc.record({
      issue: fc.boolean(),
      wait: fc.nat({ max: 3 }),
      pick: fc.nat(),
      nc: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const { clock, nonces } = setUp({ maxTracked: 4, lifetimeMs: 20 });
        const issued = [nonces.issue()];
        const taken = new Set<string>();
        for (const { issue, wait, pick, nc } of steps) {
          clock.time += wait;
          if (issue) issued.push(nonces.issue());
          const nonce = issued[pick % issued.length] ?? '';
          const key = `${nonce} ${nc}`;
          if (nonces.use(nonce, nc)) {
            assert.ok(!taken.has(key), 'taken twice');
            taken.add(key);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is not used up by strangers who collect challenges or answer them wrongly', () => {
    const { nonces } = setUp({ maxTracked: 4 });
    const user = nonces.issue();
    nonces.use(user, 1);
    for (const nonce of issueMany(nonces, 1000)) nonces.check(nonce);
    assert.equal(nonces.check(user), 'fresh');
    assert.equal(nonces.use(user, 1), false);
    assert.equal(nonces.use(user, 2), true);
  });

  test('keeps nonces fresh that are issued later', () => {
    const { clock, nonces } = setUp({ maxTracked: 4 });
    for (const nonce of issueMany(nonces, 100)) nonces.use(nonce, 1);
    clock.time += 1;
    assert.equal(nonces.check(nonces.issue()), 'fresh');
  });
});
