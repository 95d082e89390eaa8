import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { programPath } from './find-program.ts';

/** The programs of `readQrCode`, for `requirePrograms`. */
export const qrReaderPrograms = { zbarimg: 'zbar-tools' };

/** Resolves to the text that a phone's camera would read in a picture of a QR code. */
export async function readQrCode(png: Buffer): Promise<string> {
  const zbarimg = spawn(programPath('zbarimg'), ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', 'png:-'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  zbarimg.stdin.on('error', () => {}).end(png);
  const [output, [status]] = await Promise.all([text(zbarimg.stdout), once(zbarimg, 'exit')]);
  if (status !== 0) throw new Error(`zbarimg found no QR code in the picture (status ${status})`);
  return output.replace(/\n$/, '');
}
