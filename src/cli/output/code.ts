import type { Command } from 'commander';
import type { App } from '../../app.ts';
import { loopbackAdvice } from '../../config/advice.ts';
import { isLoopback } from '../../config/public-url.ts';
import { qrTerminal } from '../../lib/qr-code.ts';
import { publicUrlOf, type Space } from '../../spaces/space.ts';
import type { Io } from '../io.ts';
import { wantsJson } from './print.ts';

/** Draws the code of a provisioning URL, and says so where phones cannot reach it. With `--json` on standard error. */
export function showCode(command: Command, io: Io, app: App, code: { url: string; space: Space; qr: boolean }): void {
  if (code.qr) {
    const drawing = qrTerminal(code.url, { colour: io.colour });
    if (wantsJson(command)) io.err(drawing);
    else io.out(drawing);
  }
  const publicUrl = publicUrlOf(code.space, app.publicUrl);
  if (isLoopback(publicUrl)) io.err(`Note: ${loopbackAdvice(publicUrl)}\n`);
}

/** `works once, until …`, for words beside a code. */
export function validity(expiresAt: number | null): string {
  return expiresAt === null ? 'works once' : `works once, until ${new Date(expiresAt).toISOString()}`;
}
