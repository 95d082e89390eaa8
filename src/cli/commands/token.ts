import type { Command } from 'commander';
import type { App } from '../../app.ts';
import { commandLine } from '../../events/event.ts';
import { qrPng, qrSvg } from '../../lib/qr-code.ts';
import type { Db } from '../../storage/tables.ts';
import { issueToken, provisioningUrl } from '../../tokens/issue-token.ts';
import { tokenExpiry, type WishedExpiry } from '../../tokens/token-expiry.ts';
import { isoDate } from '../../views/account.ts';
import { changingAccount, type FoundAccount } from '../accounts.ts';
import { expiresChoices, expiresOption, readExpiry } from '../expiry.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { showCode, validity } from '../output/code.ts';
import { print } from '../output/print.ts';
import { writePrivateFile } from '../output/private-file.ts';
import { registerTokenChanges } from './token-changes.ts';

interface IssueOptions {
  readonly expires?: string;
  readonly resetPassword?: boolean;
  readonly qr?: boolean;
  readonly png?: string;
  readonly svg?: string;
}

export function registerToken(program: Command, io: Io): void {
  const token = program.command('token').description('Provisioning tokens: what a phone gets its account with.');

  const issue = token
    .command('issue <user[@domain]>')
    .description('Issues a token; the older ones of the account end.')
    .option(expiresOption, `when it ends: ${expiresChoices}; default: what the space says`)
    .option('--reset-password', 'the phone also gets a new random password, and the old one ends')
    .option('--qr', 'draw the QR code')
    .option('--png <file>', 'write the QR code to a file')
    .option('--svg <file>', 'write the QR code to a file')
    .action(async (address: string, options: IssueOptions, command: Command) => {
      const wish = readExpiry(options.expires, Date.now());
      await changingAccount(command, io, address, async (db, found, app) => {
        const issued = await issueAndWrite(db, app, found, options, wish);
        return { ...issued, space: found.space, app };
      }).then(({ token, expiresAt, url, space, app }) => {
        const json = { provisioning_token: token, provisioning_url: url, expires_at: isoDate(expiresAt) };
        print(command, io, json, () => `The phone fetches this address, which ${validity(expiresAt)}:\n${url}\n`);
        showCode(command, io, app, { url, space, qr: options.qr ?? false });
      });
    });
  withManual(issue, {
    examples: [
      'ringup token issue alice@sip.example.com --expires 1h --qr',
      'ringup token issue alice@sip.example.com --reset-password --png alice.png --json',
    ],
    json: '`{provisioning_token, provisioning_url, expires_at}`',
  });

  registerTokenChanges(token, io);
}

/** Issues the token and writes its pictures; if one cannot be written, the older token stays. `db` is a transaction. */
async function issueAndWrite(db: Db, app: App, found: FoundAccount, options: IssueOptions, wish: WishedExpiry) {
  const { account, space } = found;
  const now = app.now();
  const expiresAt = tokenExpiry(now, space, app.tokenLifetimeMs, wish);
  const issued = await issueToken(db, account, { issuer: commandLine, expiresAt, now });
  const url = provisioningUrl(space, app.publicUrl, issued.token, { resetPassword: options.resetPassword ?? false });
  if (options.png !== undefined) await writePrivateFile(options.png, [qrPng(url)]);
  if (options.svg !== undefined) await writePrivateFile(options.svg, [qrSvg(url)]);
  return { ...issued, url };
}
