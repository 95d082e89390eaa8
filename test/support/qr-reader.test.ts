import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeQR } from 'qr';
import { requirePrograms } from './debian.ts';
import { toPng } from './qr-pictures.ts';
import { qrReaderPrograms, readQrCode } from './qr-reader.ts';

test('a QR code is read as a camera would read it', async (t) => {
  if (!requirePrograms(t, qrReaderPrograms)) return;
  const url = 'https://ringup.example.com/provisioning/abcDEF-_~.123?reset_password';
  assert.equal(await readQrCode(toPng(encodeQR(url, 'raw', { border: 4 }), 4)), url);
  await assert.rejects(readQrCode(Buffer.from('not a picture')), /found no QR code/);
});
