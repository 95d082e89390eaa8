import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readPicture } from '../../src/lib/picture.ts';
import { jpegPicture, pngPicture } from '../support/pictures.ts';

describe('a picture', () => {
  test('is known by its content, with its size', () => {
    assert.deepEqual(readPicture(pngPicture(3, 2)), { type: 'image/png', width: 3, height: 2 });
    assert.deepEqual(readPicture(jpegPicture(640, 480)), { type: 'image/jpeg', width: 640, height: 480 });
  });

  for (const [what, bytes] of [
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['a GIF', Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1')],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['nothing', Buffer.alloc(0)],
    ['the beginning of a PNG', pngPicture(3, 2).subarray(0, 20)],
    ['a PNG without width', pngPicture(0, 2)],
    ['the beginning of a JPEG', jpegPicture(640, 480).subarray(0, 15)],
  ] as const) {
    test(`is not ${what}`, () => assert.equal(readPicture(bytes), undefined));
  }

  test('has a size above zero, whatever its bytes, and is never read beyond its end', () => {
    const starts = fc.constantFrom(Buffer.alloc(0), Buffer.from([0xff, 0xd8]), pngPicture(1, 1).subarray(0, 16));
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 64 }), (start, rest) => {
        const picture = readPicture(Buffer.concat([start, rest]));
        assert.ok(picture === undefined || (picture.width > 0 && picture.height > 0));
      }),
      { numRuns: 2000 },
    );
  });
});
