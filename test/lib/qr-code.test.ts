import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../src/errors.ts';
import { qrMatrix, qrPng, qrSvg, qrTerminal } from '../../src/lib/qr-code.ts';
import { requirePrograms } from '../support/debian.ts';
import { decodePicture, draw, expectedPicture, readPng, readSvg, readTerminal, toPng } from '../support/qr-pictures.ts';
import { qrReaderPrograms, readQrCode } from '../support/qr-reader.ts';

const url = 'https://sip.example.com/provisioning/vwvPdDXBfIUlwIh2ujgUnJ?reset_password';
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 });
const sizes = [undefined, 100, 101, 333, 1000, 1999, 2000];

describe('a QR code', () => {
  for (const size of sizes) {
    test(`has exactly these modules, centred in white, as PNG and SVG of ${size ?? 'default'} pixels`, () => {
      const picture = expectedPicture(url, size);
      assert.deepEqual(readPng(qrPng(url, size === undefined ? {} : { size })), picture);
      assert.deepEqual(readSvg(qrSvg(url, size === undefined ? {} : { size })), picture);
    });
  }

  test('has a quiet zone of at least four modules, whatever the text is', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 185, max: 400 }), (text, size) => {
        const modules = qrMatrix(text).size;
        const picture = readPng(qrPng(text, { size }));
        assert.deepEqual(picture, expectedPicture(text, size));
        const margin = picture.findIndex((row) => row.includes(true));
        const scale = Math.floor(size / (modules + 8));
        assert.ok(margin >= 4 * scale && size - margin - modules * scale >= 4 * scale);
      }),
      { numRuns: 20 },
    );
  });

  for (const colour of [true, false]) {
    test(`sets ${colour ? 'both colours in a terminal that has them' : 'no colour in a terminal without them, and draws its light modules'}`, () => {
      const matrix = qrMatrix(url);
      const picture = readTerminal(qrTerminal(url, { colour }), colour);
      assert.deepEqual(picture.slice(0, matrix.size + 8), draw(matrix, matrix.size + 8, 1, 4));
      assert.ok(picture.slice(matrix.size + 8).every((row) => !row.includes(true)));
    });
  }

  test('is in colours in a terminal by default', () => {
    assert.equal(qrTerminal(url), qrTerminal(url, { colour: true }));
  });

  test('is light outside its modules', () => {
    const { size, dark } = qrMatrix(url);
    for (const [x, y] of [
      [-1, 0],
      [0, -1],
      [size, 0],
      [0, size],
      [0.5, 0],
    ] as const)
      assert.equal(dark(x, y), false);
    assert.equal(dark(0, 0), true);
  });

  test('contains the text that it was made of, whatever it is', () => {
    fc.assert(
      fc.property(text, (text) => assert.equal(decodePicture(readPng(qrPng(text))), text)),
      { numRuns: 20 },
    );
  });
});

describe('a picture of a QR code', () => {
  for (const size of [0, 99, 2001, -100, 100.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    test(`is refused with a size of ${size} pixels`, () => {
      for (const picture of [qrPng, qrSvg]) {
        assert.throws(
          () => picture(url, { size }),
          (error: unknown) => {
            assert.ok(error instanceof AppError);
            assert.deepEqual(error.fields, { size: ['must be a whole number from 100 to 2000'] });
            return true;
          },
        );
      }
    });
  }

  test('is refused with the size that it needs if it is too small for one pixel per module', () => {
    const long = 'x'.repeat(2000);
    for (const picture of [qrPng, qrSvg]) {
      assert.throws(() => picture(long, { size: 100 }), {
        code: 'fields-invalid',
        message: 'size must be at least 177 for this code.',
      });
      assert.doesNotThrow(() => picture(long, { size: 177 }));
      assert.throws(() => picture(long, { size: 176 }), AppError);
    }
  });

  test('is refused for more text than a QR code holds', () => {
    assert.doesNotThrow(() => qrPng('x'.repeat(2331)));
    for (const code of [qrPng, qrSvg, qrTerminal, qrMatrix]) {
      assert.throws(() => code('x'.repeat(2332)), { code: 'fields-invalid', message: /too long/ });
    }
  });
});

describe('a scanner', () => {
  for (const size of sizes) {
    test(`reads a PNG and an SVG of ${size ?? 'default'} pixels`, async (t) => {
      if (!requirePrograms(t, qrReaderPrograms)) return;
      assert.equal(await readQrCode(qrPng(url, size === undefined ? {} : { size })), url);
      assert.equal(await readQrCode(toPng(readSvg(qrSvg(url, size === undefined ? {} : { size })))), url);
    });
  }

  for (const colour of [true, false]) {
    test(`reads a terminal ${colour ? 'with' : 'without'} colours`, async (t) => {
      if (!requirePrograms(t, qrReaderPrograms)) return;
      assert.equal(await readQrCode(toPng(readTerminal(qrTerminal(url, { colour }), colour), 4)), url);
    });
  }

  for (const text of [
    'http://127.0.0.1:8080/provisioning/A',
    `https://sip.example.com/${'prefix/'.repeat(100)}`,
    'HTTPS://SIP.EXAMPLE.COM/0123456789',
    'https://sip.example.com/é😀',
  ]) {
    test(`reads what was written: ${text.slice(0, 40)}`, async (t) => {
      if (!requirePrograms(t, qrReaderPrograms)) return;
      assert.equal(await readQrCode(qrPng(text)), text);
    });
  }

  // The most bytes that each version holds at level M.
  const capacities = [
    14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666, 711, 779, 857, 911,
    997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331,
  ];
  test('reads codes of all 40 versions', async (t) => {
    assert.deepEqual(
      capacities.map((bytes) => qrMatrix('x'.repeat(bytes)).size),
      capacities.map((_, index) => 21 + 4 * index),
    );
    if (!requirePrograms(t, qrReaderPrograms)) return;
    for (const bytes of capacities) {
      const text = 'https://sip.example.com/provisioning/'.repeat(100).slice(0, bytes);
      assert.equal(await readQrCode(qrPng(text)), text);
    }
  });
});
