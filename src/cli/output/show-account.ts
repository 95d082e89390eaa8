import type { Command } from 'commander';
import { type AccountInSpace, addressOf } from '../../accounts/account.ts';
import { accountJson } from '../../views/account.ts';

import type { Io } from '../io.ts';
import { print, record } from './print.ts';

/** Prints an account with the fields that it has in the API. */
export function showAccount(command: Command, io: Io, { account, space }: AccountInSpace): void {
  const json = accountJson({ account, space });
  // These are always empty. Clients of FlexiAPI expect them.
  const { call_forwardings: _, types: __, actions: ___, passwords, ...fields } = json;
  const { external } = account;
  const linked = external === null ? {} : { external: `${external.username}@${external.domain}` };
  print(command, io, json, () => record({ ...fields, passwords: passwords.map((each) => each.algorithm), ...linked }));
}

/** Warns if the account cannot sign in yet. */
export function noteIfInactive(io: Io, { account, space }: AccountInSpace): void {
  if (account.activatedAt !== null) return;
  const address = addressOf({ account, space });
  io.err(
    `Note: ${address} is not activated and cannot sign in. ` +
      `Its phone's first fetch activates it, and so does \`ringup account activate ${address}\`.\n`,
  );
}
