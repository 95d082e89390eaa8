import type { Command } from 'commander';
import { operator } from '../../events/actor.ts';
import { type Invited, inviteAll } from '../../mail/invite.ts';
import { whomToInvite } from '../../mail/whom-to-invite.ts';
import { invitedJson } from '../../views/invited.ts';
import { readExpiry } from '../expiry.ts';
import { readOptions } from '../fields.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { print } from '../output/print.ts';
import { usersOrGroup } from '../users-or-group.ts';

export interface InviteOptions {
  readonly waiting?: true;
  readonly all?: true;
  readonly invited?: string;
  readonly space?: string;
  readonly expires?: string;
  readonly dryRun?: true;
}

export function inviteAccounts(
  command: Command,
  io: Io,
  addresses: readonly string[],
  options: InviteOptions,
): Promise<void> {
  return withApp(command, io, async (app) => {
    const wish = readExpiry(options.expires, app.now());
    const dryRun = options.dryRun ?? false;
    const { waiting, all, invited: before, space } = options;
    const filter = waiting ? 'waiting' : all ? 'all' : undefined;
    const option = '--waiting or --all';
    const ofGroup = { invited: before, space };
    const { kind, groups } = await usersOrGroup(app, { users: addresses, filter, option, ofGroup });
    const whom = readOptions(() => whomToInvite(kind, before));
    const done = await inviteAll(app, operator, groups, { ...whom, wish, dryRun });
    print(command, io, invitedJson(done), () => sentences(done, dryRun));
  });
}

function sentences({ queued, withoutAddress, leftOut, blocked }: Invited, dryRun: boolean): string {
  const mails = queued === 1 ? '1 mail' : `${queued} mails`;
  const accounts = (count: number) => (count === 1 ? '1 account has' : `${count} accounts have`);
  const lines = [
    dryRun ? `${mails} would be queued.` : `Queued ${mails}. The running server sends them.`,
    ...(withoutAddress === 0 ? [] : [`${accounts(withoutAddress)} no mail address.`]),
    ...(leftOut === 0 ? [] : [`${leftOut === 1 ? '1 account is' : `${leftOut} accounts are`} left out (--invited).`]),
    ...(blocked === 0 ? [] : [`${blocked === 1 ? '1 account is' : `${blocked} accounts are`} blocked.`]),
  ];
  return `${lines.join('\n')}\n`;
}
