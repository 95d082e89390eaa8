import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RowFields } from '../../src/importing/read-row.ts';
import { readFile } from './read-file.ts';

/** A file as people have it, and what an import makes of it. */
export interface Source {
  readonly name: string;
  readonly file: string | Uint8Array;
  readonly rows: readonly RowFields[];
  readonly ignored: readonly string[];
}

export function readsSource({ name, file, rows, ignored }: Source): void {
  test(`reads ${name}`, () => {
    const read = readFile(file);
    assert.deepEqual(
      read.rows.map(({ fields }) => fields),
      rows,
    );
    assert.deepEqual(
      read.rows.flatMap(({ wrong }) => wrong),
      [],
    );
    assert.deepEqual(read.ignored, ignored);
  });
}
