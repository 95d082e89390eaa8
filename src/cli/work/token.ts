import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { listFollowingDevices } from '../../devices/list-devices.ts';
import { operator } from '../../events/actor.ts';
import { extendToken } from '../../tokens/extend-token.ts';
import { issueToken } from '../../tokens/issue-token.ts';
import { listTokens } from '../../tokens/list-tokens.ts';
import { revokeAllTokens, revokeToken } from '../../tokens/revoke-token.ts';
import { accountJson } from '../../views/account.ts';
import { issuedTokenJson, tokenJson } from '../../views/token.ts';
import { accountAt, withAccount } from '../account-at.ts';
import { readExpiry } from '../expiry.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import type { CodeOptions } from '../options.ts';
import { showCode, validity } from '../output/code.ts';
import { followersInWords } from '../output/following-devices.ts';
import { instantOf } from '../output/local-time.ts';
import { issueWithPictures } from '../output/pictures.ts';
import { print, table } from '../output/print.ts';

export interface IssueOptions extends CodeOptions {
  readonly expires?: string;
  readonly resetPassword?: boolean;
}

export function issue(command: Command, io: Io, address: string, options: IssueOptions): Promise<void> {
  return withApp(command, io, async (app) => {
    const wish = readExpiry(options.expires, app.now());
    const found = await accountAt(app, address);
    const { url, ...issued } = await issueWithPictures(app, found.space, options, (code) =>
      issueToken(app, operator, found, { ...wish, code }),
    );
    const devices = options.resetPassword ? await listFollowingDevices(app, found.account) : undefined;
    const followers = followersInWords(addressOf(found), devices ?? [], true);
    print(
      command,
      io,
      issuedTokenJson(issued, url, devices),
      () => `The phone fetches this address, which ${validity(issued.expiresAt)}:\n${url}\n${followers}`,
    );
    showCode(command, io, app, { url, space: found.space, qr: options.qr ?? false });
  });
}

export function list(command: Command, io: Io, address: string): Promise<void> {
  return withApp(command, io, async (app) => {
    const { account } = await accountAt(app, address);
    const json = (await listTokens(app, account)).map((each) => tokenJson(each, app.now()));
    const rows = json.map(({ id, prefix, state, issuer, created_at, expires_at, used_at, revoked_at }) => ({
      id,
      begins: prefix,
      state,
      issued: instantOf(created_at),
      by: issuer === 'command line' ? 'command' : issuer,
      ends: instantOf(used_at ?? revoked_at ?? expires_at) ?? 'never',
    }));
    print(command, io, json, (screen) =>
      table(screen, rows, `There are no tokens yet. \`./ringup token issue ${address}\` issues one.`),
    );
  });
}

export interface ExtendOptions {
  readonly address: string;
  readonly id: string;
  readonly expires?: string;
}

export function extend(command: Command, io: Io, { address, id, expires }: ExtendOptions): Promise<void> {
  return withApp(command, io, async (app) => {
    const wish = readExpiry(expires, app.now());
    const found = await accountAt(app, address);
    const extended = await extendToken(app, operator, found, { id, wish });
    const json = tokenJson(extended, app.now());
    print(command, io, json, () => `The token ${json.prefix ?? ''}… (${id}) ${validity(extended.expiresAt)}.\n`);
  });
}

export function revokeAll(command: Command, io: Io, address: string): Promise<void> {
  return withAccount(command, io, address, async (app, found) => {
    await revokeAllTokens(app, operator, found.account);
    print(command, io, accountJson(found), () => `Revoked all tokens of ${addressOf(found)}.\n`);
  });
}

export function revokeOne(command: Command, io: Io, address: string, id: string): Promise<void> {
  return withAccount(command, io, address, async (app, { account }) => {
    const json = tokenJson(await revokeToken(app, operator, account, id), app.now());
    print(command, io, json, () => `Revoked the token ${json.prefix ?? ''}… (${id}).\n`);
  });
}
