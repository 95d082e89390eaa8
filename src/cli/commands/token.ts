import type { Command } from 'commander';
import type { AccountInSpace } from '../../accounts/account.ts';
import type { App } from '../../app.ts';
import { operator } from '../../events/actor.ts';
import { qrPng, qrSvg } from '../../lib/qr-code.ts';
import { issueToken, newToken } from '../../tokens/issue-token.ts';
import { provisioningUrl } from '../../tokens/provisioning-url.ts';
import type { WishedExpiry } from '../../tokens/token-expiry.ts';
import { isoDate } from '../../views/iso-date.ts';
import { accountAt } from '../account-at.ts';
import { expiresChoices, expiresOption, readExpiry } from '../expiry.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { showCode, validity } from '../output/code.ts';
import { print } from '../output/print.ts';
import { type Draft, draftPrivateFile } from '../output/private-file.ts';
import { registerTokenChanges } from './token-changes.ts';

interface IssueOptions {
  readonly expires?: string;
  readonly resetPassword?: boolean;
  readonly qr?: boolean;
  readonly png?: string;
  readonly svg?: string;
}

export function registerToken(program: Command, io: Io): void {
  const token = program.command('token').description('Provisioning tokens, with which phones get their accounts.');

  const issue = token
    .command('issue <user[@domain]>')
    .description('Issues a token and revokes the older ones of the account.')
    .option(expiresOption, `when it expires: ${expiresChoices}; default: as the space says`)
    .option('--reset-password', 'replace the password by a random one when the phone uses the token')
    .option('--qr', 'print the QR code')
    .option('--png <file>', 'write the QR code to a PNG file')
    .option('--svg <file>', 'write the QR code to an SVG file')
    .action(async (address: string, options: IssueOptions, command: Command) => {
      await withApp(command, io, async (app) => {
        const wish = readExpiry(options.expires, app.now());
        const found = await accountAt(app, address);
        const { url, expiresAt, token } = await issueWithPictures(app, found, options, wish);
        const json = { provisioning_token: token, provisioning_url: url, expires_at: isoDate(expiresAt) };
        print(command, io, json, () => `The phone fetches this address, which ${validity(expiresAt)}:\n${url}\n`);
        showCode(command, io, app, { url, space: found.space, qr: options.qr ?? false });
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

/** Issues the token and writes its pictures. If a picture cannot be written, the older token stays valid. */
async function issueWithPictures(app: App, found: AccountInSpace, options: IssueOptions, wish: WishedExpiry) {
  const token = newToken();
  const resetPassword = options.resetPassword ?? false;
  const url = provisioningUrl(found.space, app.publicUrl, token, { resetPassword });
  const drafts: Draft[] = [];
  try {
    if (options.png !== undefined) drafts.push(await draftPrivateFile(options.png, [qrPng(url)]));
    if (options.svg !== undefined) drafts.push(await draftPrivateFile(options.svg, [qrSvg(url)]));
    const issued = await issueToken(app, operator, found, wish, token);
    for (const draft of drafts) await draft.keep();
    return { ...issued, url };
  } catch (error) {
    for (const draft of drafts) await draft.discard();
    throw error;
  }
}
