import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BatchWriter, type BatchWriterOptions } from '../../src/lib/batch-writer.ts';
import { waitUntil } from '../support/wait-until.ts';

const generousMs = 10_000;
const never = new AbortController().signal;

/** A writer of words whose store can be broken, held up and looked into. */
function openWriter(options: Partial<BatchWriterOptions<string, string>> = {}) {
  const store = {
    batches: [] as string[][],
    /** Those that were tried, written or not. */
    tried: [] as string[][],
    broken: (_batch: readonly string[]) => false,
    says: 'broken',
    /** A write waits for it, once. */
    held: Promise.resolve(),
    atOnce: 0,
    errors: [] as [message: string, lost: number][],
    dropped: [] as number[],
    written: () => store.batches.flat(),
  };
  const writer = new BatchWriter<string, string>({
    key: (word) => word,
    write: async (batch) => {
      store.atOnce += 1;
      assert.equal(store.atOnce, 1, 'two writes at once');
      store.tried.push([...batch]);
      await store.held;
      store.held = Promise.resolve();
      store.atOnce -= 1;
      if (store.broken(batch)) throw new Error(store.says);
      store.batches.push([...batch]);
    },
    onFailure: 'keep',
    everyMs: 60_000,
    maxBatch: 100,
    onError: (error, lost) => store.errors.push([error instanceof Error ? error.message : String(error), lost]),
    onDropped: (count) => store.dropped.push(count),
    ...options,
  });
  return { writer, store };
}

function addAll(writer: BatchWriter<string, string>, words: string): void {
  for (const word of words.split(' ')) writer.add(word);
}

/** Makes the next write wait until the answer is called. */
function holdUp(store: { held: Promise<void> }): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  store.held = promise;
  return resolve;
}

/** By the first letter; `longer` keeps the longer one of two. */
const byLetter = { key: (word: string) => word.slice(0, 1) };
const longer = (older: string, newer: string) => (newer.length >= older.length ? newer : older);

describe('a batch writer', () => {
  test('writes what was added after a while, in one batch and in order', async () => {
    const { writer, store } = openWriter({ everyMs: 20 });
    addAll(writer, 'a b c');
    assert.deepEqual(store.batches, []);
    assert.ok(await waitUntil(() => store.batches.length > 0, generousMs));
    assert.deepEqual(store.batches, [['a', 'b', 'c']]);
  });

  test('does not keep the process alive', () => {
    const { writer } = openWriter();
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    writer.add('a');
    assert.equal(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length, before);
  });

  test('also writes what was added during a write', async () => {
    const { writer, store } = openWriter({ everyMs: 20 });
    const goOn = holdUp(store);
    writer.add('a');
    assert.ok(await waitUntil(() => store.tried.length === 1, generousMs));
    writer.add('b');
    goOn();
    assert.ok(await waitUntil(() => store.batches.length === 2, generousMs));
    assert.deepEqual(store.batches, [['a'], ['b']]);
  });

  test('limits the size of a batch, and writes one batch after another', async () => {
    const { writer, store } = openWriter({ maxBatch: 2 });
    addAll(writer, 'a b c d e');
    assert.equal(await writer.flush(), true);
    assert.deepEqual(store.batches, [['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('writes each item once if several callers flush at the same time, and resolves for all of them', async () => {
    const { writer, store } = openWriter();
    const goOn = holdUp(store);
    writer.add('a');
    const first = writer.flush();
    await waitUntil(() => store.tried.length === 1, generousMs);
    writer.add('b');
    const later = Array.from({ length: 8 }, () => writer.flush().then(() => store.written()));
    goOn();
    await first;
    for (const written of await Promise.all(later)) assert.deepEqual(written, ['a', 'b']);
    assert.deepEqual(store.batches, [['a'], ['b']]);
    assert.equal(await writer.flush(), true);
    assert.equal(store.tried.length, 2);
  });

  test('waits for what is being written in a flush without new items', async () => {
    const { writer, store } = openWriter();
    const goOn = holdUp(store);
    writer.add('a');
    void writer.flush();
    await waitUntil(() => store.tried.length === 1, generousMs);
    const second = writer.flush().then(() => store.written());
    goOn();
    assert.deepEqual(await second, ['a']);
  });

  test('writes the newer of two items with the same key, in the place of the older one', async () => {
    const { writer, store } = openWriter(byLetter);
    addAll(writer, 'a-first b a-second');
    await writer.flush();
    assert.deepEqual(store.batches, [['a-second', 'b']]);
  });

  test('merges two items with the same key as its caller wants', async () => {
    const { writer, store } = openWriter({ ...byLetter, merge: longer });
    addAll(writer, 'a-long a');
    await writer.flush();
    assert.deepEqual(store.written(), ['a-long']);
  });

  test('finds an item by its key until it is written, the newest first', async () => {
    const { writer, store } = openWriter(byLetter);
    const goOn = holdUp(store);
    writer.add('a-first');
    assert.equal(writer.find('a'), 'a-first');
    const flushed = writer.flush();
    await waitUntil(() => store.tried.length === 1, generousMs);
    assert.equal(writer.find('a'), 'a-first');
    writer.add('a-second');
    assert.equal(writer.find('a'), 'a-second');
    goOn();
    await flushed;
    await writer.flush();
    assert.equal(writer.find('a'), undefined);
    assert.deepEqual(store.batches, [['a-first'], ['a-second']]);
  });
});

describe('a batch writer with a bound', () => {
  test('drops what exceeds the bound, and reports once how many', async () => {
    const { writer, store } = openWriter({ maxWaiting: 2 });
    addAll(writer, 'a b c d e');
    assert.deepEqual(store.dropped, []);
    await writer.flush();
    assert.deepEqual(store.written(), ['a', 'b']);
    assert.deepEqual(store.dropped, [3]);
    writer.add('f');
    await writer.flush();
    assert.deepEqual(store.written(), ['a', 'b', 'f']);
    assert.deepEqual(store.dropped, [3]);
  });

  test('counts what is being written, and still accepts newer versions of items that wait', async () => {
    const { writer, store } = openWriter({ ...byLetter, maxWaiting: 2 });
    const goOn = holdUp(store);
    writer.add('a');
    const flushed = writer.flush();
    await waitUntil(() => store.tried.length === 1, generousMs);
    addAll(writer, 'b c b-newer');
    goOn();
    await flushed;
    await writer.flush();
    assert.deepEqual(store.written(), ['a', 'b-newer']);
    assert.deepEqual(store.dropped, [1]);
  });

  test('accepts items beyond the bound that are limited elsewhere', async () => {
    const { writer, store } = openWriter({ maxWaiting: 1 });
    addAll(writer, 'a b');
    writer.addUnbounded('c');
    await writer.flush();
    assert.deepEqual(store.written(), ['a', 'c']);
  });

  test('never exceeds its bound while nothing can be written, and drops nothing that it has accepted', async () => {
    const { writer, store } = openWriter({ maxWaiting: 3 });
    store.broken = () => true;
    addAll(writer, 'a b');
    await writer.flush();
    addAll(writer, 'c d e');
    assert.equal(await writer.flush(), false);
    assert.deepEqual(store.dropped, []);
    store.broken = () => false;
    await writer.flush();
    assert.deepEqual(store.written().toSorted(), ['a', 'b', 'c']);
    assert.deepEqual(store.dropped, [2]);
  });
});

describe('a batch writer whose write fails', () => {
  test('keeps the items in front of newer ones, and retries until each is written once', async () => {
    const { writer, store } = openWriter({ everyMs: 5 });
    const goOn = holdUp(store);
    store.broken = () => true;
    addAll(writer, 'a b');
    await waitUntil(() => store.tried.length === 1, generousMs);
    addAll(writer, 'c d');
    goOn();
    assert.ok(await waitUntil(() => store.errors.length === 1, generousMs));
    store.broken = () => false;
    assert.ok(await waitUntil(() => store.written().length === 4, generousMs));
    assert.deepEqual(store.written(), ['a', 'b', 'c', 'd']);
  });

  test('reports repeated failures once and another failure at once, with nothing lost', async () => {
    const { writer, store } = openWriter();
    store.broken = () => true;
    writer.add('a');
    for (let time = 0; time < 3; time += 1) assert.equal(await writer.flush(), false);
    assert.deepEqual(store.errors, [['broken', 0]]);
    store.says = 'gone';
    for (let time = 0; time < 3; time += 1) assert.equal(await writer.flush(), false);
    assert.deepEqual(store.errors.splice(1), [['gone', 0]]);
    store.says = 'broken';
    store.broken = () => false;
    assert.equal(await writer.flush(), true);
    store.broken = () => true;
    writer.add('b');
    await writer.flush();
    assert.deepEqual(store.errors.slice(1), [['broken', 0]]);
  });

  test('does not repeat batches that were written, and keeps all after the one that failed', async () => {
    const { writer, store } = openWriter({ maxBatch: 2 });
    store.broken = (batch) => batch.includes('c') && store.tried.length === 2;
    addAll(writer, 'a b c d e');
    assert.equal(await writer.flush(), false);
    assert.deepEqual(store.written(), ['a', 'b']);
    assert.equal(writer.find('a'), undefined);
    assert.equal(writer.find('e'), 'e');
    assert.equal(await writer.flush(), true);
    assert.deepEqual(store.written(), ['a', 'b', 'c', 'd', 'e']);
  });

  test('merges kept items with newer ones of the same key', async () => {
    for (const [merge, expected] of [
      [undefined, 'a'],
      [longer, 'a-long'],
    ] as const) {
      const { writer, store } = openWriter({ ...byLetter, ...(merge === undefined ? {} : { merge }) });
      const goOn = holdUp(store);
      store.broken = () => store.tried.length === 1;
      writer.add('a-long');
      const flushed = writer.flush();
      await waitUntil(() => store.tried.length === 1, generousMs);
      writer.add('a');
      goOn();
      assert.equal(await flushed, false);
      await writer.flush();
      assert.deepEqual(store.written(), [expected]);
    }
  });

  test('writes all other items if one can never be written', async () => {
    const { writer, store } = openWriter();
    store.broken = (batch) => batch.includes('poison');
    const words = Array.from({ length: 50 }, (_, index) => `w${index}`);
    addAll(writer, [...words.slice(0, 20), 'poison', ...words.slice(20)].join(' '));
    for (let left = 20; left > 0 && store.written().length < words.length; left -= 1) await writer.flush();
    assert.deepEqual(store.written().toSorted(), words.toSorted());
    writer.add('later');
    await writer.flush();
    await writer.flush();
    assert.ok(store.written().includes('later'));
    assert.equal(writer.find('poison'), 'poison');
  });

  test('drops and counts a batch that fails if its caller chose so, and writes later ones', async () => {
    const { writer, store } = openWriter({ onFailure: 'drop', maxBatch: 2 });
    store.broken = () => store.tried.length === 2;
    addAll(writer, 'a b c d e');
    assert.equal(await writer.flush(), true);
    assert.deepEqual(store.written(), ['a', 'b']);
    assert.deepEqual(store.errors, [['broken', 3]]);
    writer.add('f');
    await writer.flush();
    assert.deepEqual(store.written(), ['a', 'b', 'f']);
  });

  test('retries once for all callers that flush meanwhile, not once for each', async () => {
    const { writer, store } = openWriter();
    const goOn = holdUp(store);
    store.broken = () => true;
    writer.add('a');
    const first = writer.flush();
    await waitUntil(() => store.tried.length === 1, generousMs);
    writer.add('b');
    const others = Array.from({ length: 20 }, () => writer.flush());
    goOn();
    assert.deepEqual(new Set([await first, ...(await Promise.all(others))]), new Set([false]));
    assert.equal(store.tried.length, 2);
  });
});

describe('closing a batch writer', () => {
  test('writes the items that wait, and those that are being written', async () => {
    const { writer, store } = openWriter();
    const goOn = holdUp(store);
    writer.add('a');
    void writer.flush();
    await waitUntil(() => store.tried.length === 1, generousMs);
    writer.add('b');
    const closed = writer.close(never);
    goOn();
    await closed;
    assert.deepEqual(store.written(), ['a', 'b']);
    assert.deepEqual(store.errors, []);
  });

  test('reports how many items were dropped', async () => {
    const { writer, store } = openWriter({ maxWaiting: 1 });
    addAll(writer, 'a b c');
    await writer.close(never);
    assert.deepEqual(store.dropped, [2]);
  });

  test('tries again until it succeeds', async () => {
    const { writer, store } = openWriter();
    store.broken = () => store.tried.length < 3;
    addAll(writer, 'a b');
    await writer.close(never);
    assert.deepEqual(store.written().toSorted(), ['a', 'b']);
    assert.deepEqual(store.errors, [['broken', 0]]);
  });

  test('gives up when its patience ends, and returns what is left', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { writer, store } = openWriter();
    const patience = new AbortController();
    store.broken = () => {
      if (store.tried.length === 2) setImmediate(() => patience.abort());
      return true;
    };
    addAll(writer, 'a b c');
    assert.deepEqual((await writer.close(patience.signal)).toSorted(), ['a', 'b', 'c']);
    assert.deepEqual(store.errors, [['broken', 0]]);
    const tries = store.tried.length;
    t.mock.timers.tick(60_000);
    await nextTurn();
    assert.equal(store.tried.length, tries);
  });

  test('does not wait beyond its patience for a write that hangs', async () => {
    const { writer, store } = openWriter();
    holdUp(store);
    addAll(writer, 'a b');
    const patience = new AbortController();
    const closed = writer.close(patience.signal);
    await waitUntil(() => store.tried.length === 1, generousMs);
    patience.abort(new Error('out of patience'));
    assert.deepEqual(await closed, ['a', 'b']);
    assert.deepEqual(store.errors, []);
  });

  test('does not report or retry a write that fails after it gave up', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { writer, store } = openWriter();
    const goOn = holdUp(store);
    store.broken = () => true;
    writer.add('a');
    void writer.flush();
    await waitUntil(() => store.tried.length === 1, generousMs);
    assert.deepEqual(await writer.close(AbortSignal.abort()), ['a']);
    goOn();
    await nextTurn();
    t.mock.timers.tick(60_000);
    await nextTurn();
    assert.deepEqual(store.errors, []);
    assert.equal(store.tried.length, 1);
  });

  test('drops items immediately if a failure drops them', async () => {
    const { writer, store } = openWriter({ onFailure: 'drop' });
    store.broken = () => true;
    addAll(writer, 'a b');
    assert.deepEqual(await writer.close(never), []);
    assert.deepEqual(store.errors, [['broken', 2]]);
    assert.equal(store.tried.length, 1);
  });
});

describe('a batch writer whose store does not say whether it has a batch', () => {
  function openUnsettled() {
    let answer: boolean | undefined;
    const failures: unknown[] = [];
    const { writer, store } = openWriter({
      ...byLetter,
      merge: (older, newer) => `${older}+${newer}`,
      questionAbout: (error) => {
        failures.push(error);
        return async () => answer;
      },
    });
    store.broken = () => true;
    const settle = (isStored: boolean) => {
      answer = isStored;
      store.broken = () => false;
    };
    return { writer, store, failures, settle };
  }

  test('writes nothing until it is known, and then not what is stored', async () => {
    const { writer, store, failures, settle } = openUnsettled();
    addAll(writer, 'apple banana');
    assert.equal(await writer.flush(), false);
    addAll(writer, 'avocado cherry');
    assert.equal(await writer.flush(), false);
    assert.deepEqual(store.tried, [['apple', 'banana']]);
    assert.equal(writer.find('b'), 'banana');
    settle(true);
    assert.equal(await writer.flush(), true);
    assert.deepEqual(store.batches, [['avocado', 'cherry']]);
    assert.equal(failures.length, 1);
    assert.deepEqual(store.errors, [['broken', 0]]);
  });

  test('writes everything in order if it turns out not to be stored', async () => {
    const { writer, store, settle } = openUnsettled();
    addAll(writer, 'apple banana');
    await writer.flush();
    addAll(writer, 'avocado cherry');
    settle(false);
    assert.equal(await writer.flush(), true);
    assert.deepEqual(store.written(), ['apple+avocado', 'banana', 'cherry']);
  });

  test('returns what is not known to be stored when its patience ends', async () => {
    const { writer } = openUnsettled();
    addAll(writer, 'apple banana');
    await writer.flush();
    writer.add('cherry');
    assert.deepEqual(await writer.close(AbortSignal.timeout(50)), ['apple', 'banana', 'cherry']);
  });
});
