import type { Command } from 'commander';
import type { App } from '../../app.ts';
import { loopbackAdvice } from '../../config/advice.ts';
import { isLoopback } from '../../config/public-url.ts';
import { qrTerminal } from '../../lib/qr-code.ts';
import { publicUrlOf, type Space } from '../../spaces/space.ts';
import type { Io } from '../io.ts';
import { localTime } from './local-time.ts';
import { wantsJson } from './print.ts';

/** Draws the QR code of a provisioning URL, on standard error with `--json`. Warns if phones cannot reach the URL. */
export function showCode(command: Command, io: Io, app: App, code: { url: string; space: Space; qr: boolean }): void {
  if (code.qr) {
    const drawing = qrTerminal(code.url, { colour: io.colour });
    if (wantsJson(command)) io.err(drawing);
    else io.out(drawing);
  }
  if (app.addressNote !== undefined) io.err(`Note: ${app.addressNote}\n`);
  const publicUrl = publicUrlOf(code.space, app.publicUrl);
  if (isLoopback(publicUrl)) io.err(`Note: ${loopbackAdvice(publicUrl)}\n`);
}

/** Returns a phrase such as `works once, until …`, to print next to a code. */
export function validity(expiresAt: number | null): string {
  return expiresAt === null ? 'works once' : `works once, until ${localTime(expiresAt)}`;
}
