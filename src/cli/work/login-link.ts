import type { Command } from 'commander';
import { issueLoginLink } from '../../administration/login-link.ts';
import { operator } from '../../events/actor.ts';
import { withAccount } from '../account-at.ts';
import type { Io } from '../io.ts';
import { print } from '../output/print.ts';

export function printLoginLink(command: Command, io: Io, address: string): Promise<void> {
  return withAccount(command, io, address, async (app, found) => {
    const { url, expiresAt } = await issueLoginLink(app, operator, found);
    const json = { login_url: url, expires_at: new Date(expiresAt).toISOString() };
    print(command, io, json, () => `This link signs in once, within 10 minutes:\n${url}\n`);
    if (app.addressNote !== undefined) io.err(`Note: ${app.addressNote}\n`);
  });
}
