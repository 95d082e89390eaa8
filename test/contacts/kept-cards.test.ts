import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KeptCards } from '../../src/contacts/kept-cards.ts';
import type { Space } from '../../src/spaces/space.ts';

const spaceOf = (id: number) => ({ id }) as Space;

/** Cards of 10,000 bytes for each space. `reads` has the id of the space for each read. */
function keptCards({ maxBytes }: { readonly maxBytes: number }) {
  const reads: number[] = [];
  const kept = new KeptCards(async ({ id }) => {
    reads.push(id);
    return { cards: Buffer.alloc(10_000) };
  }, maxBytes);
  return { reads, of: (id: number, revision = 'a') => kept.of(spaceOf(id), revision) };
}

describe('cards that are kept for each space', () => {
  test('are read once for each revision', async () => {
    const { reads, of } = keptCards({ maxBytes: 100_000 });
    const [first, second] = await Promise.all([of(1), of(1)]);
    assert.equal(first, second);
    await of(2);
    assert.equal(await of(1), first);
    assert.notEqual(await of(1, 'b'), first);
    assert.deepEqual(reads, [1, 2, 1]);
  });

  test('have a limited size in all, within which those asked for last are kept', async () => {
    const { reads, of } = keptCards({ maxBytes: 40_000 });
    for (const id of [1, 2, 3, 1, 4, 1, 3, 4, 2, 4]) await of(id);
    assert.deepEqual(reads, [1, 2, 3, 4, 2]);
  });

  test('are not forgotten because of those that another revision has replaced', async () => {
    const { reads, of } = keptCards({ maxBytes: 40_000 });
    await of(1);
    for (const revision of ['a', 'b', 'c', 'd', 'e']) await Promise.all([of(2, revision), of(2, `${revision}, later`)]);
    await of(1);
    assert.equal(reads.filter((id) => id === 1).length, 1);
  });

  test('are kept even if they alone exceed the limit, until others are asked for', async () => {
    const { reads, of } = keptCards({ maxBytes: 1_000 });
    for (const id of [1, 1, 2, 2, 1]) await of(id);
    assert.deepEqual(reads, [1, 2, 1]);
  });

  test('are read again after a read that failed', async () => {
    let isBroken = true;
    const kept = new KeptCards(async () => {
      if (isBroken) throw new Error('no database');
      return { cards: Buffer.from('') };
    }, 1_000);
    await assert.rejects(kept.of(spaceOf(1), 'a'), /no database/);
    isBroken = false;
    await kept.of(spaceOf(1), 'a');
  });
});
