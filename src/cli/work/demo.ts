import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { generatePassword } from '../../accounts/passwords.ts';
import { createAccount } from '../../administration/create-account.ts';
import type { App } from '../../app.ts';
import { loadSettings } from '../../config/load-config.ts';
import { firstLanAddress } from '../../config/public-url.ts';
import { AppError } from '../../errors.ts';
import { operator } from '../../events/actor.ts';
import { codeOf } from '../../lib/code-of.ts';
import { humanLine } from '../../lib/logger.ts';
import { qrTerminal } from '../../lib/qr-code.ts';
import { provisioningUrl } from '../../tokens/token-urls.ts';
import type { Io } from '../io.ts';
import { requestInWords } from '../output/demo-request.ts';
import { jsonText, say, wantsJson } from '../output/print.ts';
import { startServing } from '../serving.ts';

const usualPort = 8080;

export async function demo(command: Command, io: Io, { lan = false }: { readonly lan?: boolean }): Promise<void> {
  const interrupted = io.interrupted();
  const dataDir = mkdtempSync(join(tmpdir(), 'ringup-demo-'));
  try {
    await demonstrate(command, io, { dataDir, lan, interrupted });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function demonstrate(
  command: Command,
  io: Io,
  how: { readonly dataDir: string; readonly lan: boolean; readonly interrupted: Promise<void> },
): Promise<void> {
  const host = how.lan ? lanAddress() : '127.0.0.1';
  const json = wantsJson(command);
  const tell = json ? io.err : (text: string) => say(command, io, text);
  const log = { write: (line: string) => io.err(humanLine(line)) };
  const running = await listening(host, (listen) => {
    const environment = { RINGUP_DATA_DIR: how.dataDir, RINGUP_LISTEN: listen, RINGUP_LOG_LEVEL: 'warn' };
    return startServing(
      loadSettings(environment),
      log,
      (app) => (request, reply) => tell(requestInWords(app, request, reply)),
    );
  });
  try {
    const url = await makeAlice(running.app);
    if (json) io.out(`${jsonText({ provisioning_url: url })}\n`);
    tell(announcement);
    // Drawn as it is, because its colours are control characters.
    (json ? io.err : io.out)(qrTerminal(url, { colour: io.colour }));
    tell(invitation(url, how.lan));
    await how.interrupted;
  } finally {
    await running.stop();
  }
}

async function makeAlice(app: App): Promise<string> {
  const space = app.spaces.first;
  const fields = { username: 'alice', password: generatePassword(space), display_name: 'Alice' };
  const { issued } = await createAccount(app, operator, space, { fields, expiry: { lifetime: '0' } });
  return provisioningUrl(space, app.publicUrl, issued.token);
}

const announcement = `
Created the account alice in the space sip.example.test, in a temporary database.
Her phone gets the account with this code, which works once:

`;

function invitation(url: string, lan: boolean): string {
  const reach = lan
    ? 'A phone on the same network can scan it: choose "Scan QR code" when Linphone asks for an account.'
    : 'Only this machine can reach this address. `./ringup demo --lan` shows a code that a phone can scan.';
  return `
  ${url}

${reach}
Each request is shown below as it arrives. Try:

  curl ${url}

Ctrl-C ends the demo.

`;
}

function lanAddress(): string {
  const address = firstLanAddress();
  if (address === undefined) throw new AppError('conflict', { why: 'no-lan-address' });
  return address;
}

/** Listens on the usual port, or on a free one if it is taken. */
async function listening<T>(host: string, start: (listen: string) => Promise<T>): Promise<T> {
  try {
    return await start(`${host}:${usualPort}`);
  } catch (error) {
    if (!isTaken(error)) throw error;
    return start(`${host}:${await freePort(host)}`);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof AppError && codeOf(error.cause) === 'EADDRINUSE';
}

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return address !== null && typeof address === 'object' ? address.port : usualPort;
}
