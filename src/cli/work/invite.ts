import type { Command } from 'commander';
import type { App } from '../../app.ts';
import { AppError } from '../../errors.ts';
import { operator } from '../../events/actor.ts';
import { accountsToInvite } from '../../mail/accounts-to-invite.ts';
import { type Invited, inviteAll } from '../../mail/invite.ts';
import { whomToInvite } from '../../mail/whom-to-invite.ts';
import { invitedJson } from '../../views/invited.ts';
import { accountsAt, getSpace } from '../account-at.ts';
import { readExpiry } from '../expiry.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { print } from '../output/print.ts';

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
    const { groups, invited } = await readChoice(app, addresses, options);
    const done = await inviteAll(app, operator, groups, { wish, invited, dryRun });
    print(command, io, invitedJson(done), () => sentences(done, dryRun));
  });
}

function sentences({ queued, withoutAddress, leftOut }: Invited, dryRun: boolean): string {
  const mails = queued === 1 ? '1 mail' : `${queued} mails`;
  const accounts = (count: number) => (count === 1 ? '1 account has' : `${count} accounts have`);
  const lines = [
    dryRun ? `${mails} would be queued.` : `Queued ${mails}. The running server sends them.`,
    ...(withoutAddress === 0 ? [] : [`${accounts(withoutAddress)} no mail address.`]),
    ...(leftOut === 0 ? [] : [`${leftOut === 1 ? '1 account is' : `${leftOut} accounts are`} left out (--invited).`]),
  ];
  return `${lines.join('\n')}\n`;
}

async function readChoice(app: App, addresses: readonly string[], { waiting, all, invited, space }: InviteOptions) {
  const group = waiting ? 'waiting' : all ? 'all' : undefined;
  if ((group === undefined) === (addresses.length === 0)) {
    throw new AppError('usage-wrong', { complaint: 'Name users, or add --waiting or --all.' });
  }
  const before = whomToInvite(group === undefined ? 'named' : 'group', { invited, space });
  const groups =
    group === undefined
      ? [await accountsAt(app, addresses)]
      : accountsToInvite(app, space === undefined ? app.spaces.first : getSpace(app, space), group);
  return { groups, invited: before };
}
