import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Type } from 'typebox';
import { checkShape } from '../../src/lib/check-shape.ts';

const pattern = '^[a-z]+$';

describe('a complaint about a value', () => {
  test('names the value that does not match a pattern or is not in a list, within arrays too', () => {
    const shape = Type.Object({ name: Type.String({ pattern }), colours: Type.Array(Type.Enum(['red', 'blue'])) });
    assert.deepEqual(checkShape(shape, { name: 'a\r', colours: ['red', 'green'] }), {
      name: [{ code: 'no-match', value: 'a\r', pattern, example: undefined }],
      colours: [{ code: 'not-one-of', value: 'green', allowed: ['red', 'blue'] }],
    });
  });

  test('names every unknown field, up to a hundred, and all other mistakes', () => {
    const shape = Type.Object({ name: Type.String() }, { additionalProperties: false });
    for (const count of [8, 9, 100]) {
      const unknown = Array.from({ length: count }, (_, n) => `f${n}`);
      const mistakes = checkShape(shape, { name: 1, ...Object.fromEntries(unknown.map((name) => [name, 1])) });
      assert.deepEqual(Object.keys(mistakes ?? {}).toSorted(), [...unknown, 'name'].toSorted());
    }
  });

  test('never names a secret', () => {
    const shape = Type.Object({ secret: Type.String({ pattern, writeOnly: true }) });
    assert.deepEqual(checkShape(shape, { secret: 'A1' }), {
      secret: [{ code: 'no-match', pattern, example: undefined }],
    });
  });
});
