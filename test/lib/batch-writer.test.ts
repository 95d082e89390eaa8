import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
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
      if (store.broken(batch)) throw new Error(`broken ${store.tried.length}`);
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
  test('writes what was added by itself, in one batch and in its order', async () => {
    const { writer, store } = openWriter({ everyMs: 20 });
    addAll(writer, 'a b c');
    assert.deepEqual(store.batches, []);
    assert.ok(await waitUntil(() => store.batches.length > 0, generousMs));
    assert.deepEqual(store.batches, [['a', 'b', 'c']]);
  });

  test('keeps no process alive for it', () => {
    const { writer } = openWriter();
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    writer.add('a');
    assert.equal(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length, before);
  });

  test('writes what came during a write by itself too', async () => {
    const { writer, store } = openWriter({ everyMs: 20 });
    const goOn = holdUp(store);
    writer.add('a');
    assert.ok(await waitUntil(() => store.tried.length === 1, generousMs));
    writer.add('b');
    goOn();
    assert.ok(await waitUntil(() => store.batches.length === 2, generousMs));
    assert.deepEqual(store.batches, [['a'], ['b']]);
  });

  test('writes at most so many at once, one batch after the other', async () => {
    const { writer, store } = openWriter({ maxBatch: 2 });
    addAll(writer, 'a b c d e');
    assert.equal(await writer.flush(), true);
    assert.deepEqual(store.batches, [['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('asked for all at once by many, writes each item once and tells all of them when it is written', async () => {
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

  test('a flush with nothing new waits for what is being written', async () => {
    const { writer, store } = openWriter();
    const goOn = holdUp(store);
    writer.add('a');
    void writer.flush();
    await waitUntil(() => store.tried.length === 1, generousMs);
    const second = writer.flush().then(() => store.written());
    goOn();
    assert.deepEqual(await second, ['a']);
  });

  test('of two with the same key the newer one is written, in the place of the older one', async () => {
    const { writer, store } = openWriter(byLetter);
    addAll(writer, 'a-first b a-second');
    await writer.flush();
    assert.deepEqual(store.batches, [['a-second', 'b']]);
  });

  test('two items with one key become what the caller merges them into', async () => {
    const { writer, store } = openWriter({ ...byLetter, merge: longer });
    addAll(writer, 'a-long a');
    await writer.flush();
    assert.deepEqual(store.written(), ['a-long']);
  });

  test('an item is found by its key until it is written, the newest first', async () => {
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
  test('drops what is over it and tells how many, once', async () => {
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

  test('counts what is being written, and takes newer ones of what waits', async () => {
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

  test('takes items over the limit that something else limits', async () => {
    const { writer, store } = openWriter({ maxWaiting: 1 });
    addAll(writer, 'a b');
    writer.addUnbounded('c');
    await writer.flush();
    assert.deepEqual(store.written(), ['a', 'c']);
  });

  test('holds no more than that while nothing can be written, and drops nothing it has taken', async () => {
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
  test('keeps the items before what came meanwhile, and tries again by itself until all is written once', async () => {
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

  test('reports a row of failures once, with nothing lost', async () => {
    const { writer, store } = openWriter();
    store.broken = () => true;
    writer.add('a');
    for (let time = 0; time < 3; time += 1) assert.equal(await writer.flush(), false);
    assert.deepEqual(store.errors, [['broken 1', 0]]);
    store.broken = () => false;
    assert.equal(await writer.flush(), true);
    store.broken = () => true;
    writer.add('b');
    await writer.flush();
    assert.deepEqual(store.errors.slice(1), [['broken 5', 0]]);
  });

  test('keeps no batch that was written, and every one after the one that failed', async () => {
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

  test('merges what is kept with what came meanwhile under the same key', async () => {
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

  test('writes all the others beside one item that can never be written', async () => {
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

  test('drops the items if its caller wants that, reports how many, and continues', async () => {
    const { writer, store } = openWriter({ onFailure: 'drop', maxBatch: 2 });
    store.broken = () => store.tried.length === 2;
    addAll(writer, 'a b c d e');
    assert.equal(await writer.flush(), true);
    assert.deepEqual(store.written(), ['a', 'b']);
    assert.deepEqual(store.errors, [['broken 2', 3]]);
    writer.add('f');
    await writer.flush();
    assert.deepEqual(store.written(), ['a', 'b', 'f']);
  });

  test('asked by many meanwhile, tries once more for all of them, not once for each', async () => {
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
  test('writes what waits, and what is being written', async () => {
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

  test('tells how many were dropped', async () => {
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
    assert.deepEqual(store.errors, [['broken 1', 0]]);
  });

  test('gives up when its patience ends, with the last error and the number of what is lost', async () => {
    const { writer, store } = openWriter();
    const patience = new AbortController();
    store.broken = () => {
      if (store.tried.length === 2) setImmediate(() => patience.abort());
      return true;
    };
    addAll(writer, 'a b c');
    await writer.close(patience.signal);
    assert.deepEqual(store.errors, [
      ['broken 1', 0],
      ['broken 2', 3],
    ]);
    const tries = store.tried.length;
    await sleep(700);
    assert.equal(store.tried.length, tries);
  });

  test('waits no longer for a write that hangs', async () => {
    const { writer, store } = openWriter();
    holdUp(store);
    addAll(writer, 'a b');
    const patience = new AbortController();
    const closed = writer.close(patience.signal);
    await waitUntil(() => store.tried.length === 1, generousMs);
    patience.abort(new Error('out of patience'));
    await closed;
    assert.deepEqual(store.errors, [['out of patience', 2]]);
  });

  test('whose write fails after that says nothing more, and tries no more', async () => {
    const { writer, store } = openWriter();
    const goOn = holdUp(store);
    store.broken = () => true;
    writer.add('a');
    void writer.flush();
    await waitUntil(() => store.tried.length === 1, generousMs);
    await writer.close(AbortSignal.abort(new Error('out of patience')));
    goOn();
    await sleep(700);
    assert.deepEqual(store.errors, [['out of patience', 1]]);
    assert.equal(store.tried.length, 1);
  });

  test('drops at once what is dropped on failure', async () => {
    const { writer, store } = openWriter({ onFailure: 'drop' });
    store.broken = () => true;
    addAll(writer, 'a b');
    await writer.close(never);
    assert.deepEqual(store.errors, [['broken 1', 2]]);
    assert.equal(store.tried.length, 1);
  });
});
