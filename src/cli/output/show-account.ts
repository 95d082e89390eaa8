import type { Command } from 'commander';
import type { AccountInSpace } from '../../accounts/account.ts';
import { accountJson } from '../../views/account.ts';
import { addressOf } from '../find-account.ts';
import type { Io } from '../io.ts';
import { print, record } from './print.ts';

/** Prints an account as the API has it. */
export function showAccount(command: Command, io: Io, { account, space }: AccountInSpace): void {
  const json = accountJson({ account, space });
  // Always empty here; FlexiAPI's clients want them.
  const { call_forwardings: _, types: __, actions: ___, passwords, ...fields } = json;
  const { external } = account;
  const linked = external === null ? {} : { external: `${external.username}@${external.domain}` };
  print(command, io, json, () => record({ ...fields, passwords: passwords.map((each) => each.algorithm), ...linked }));
}

/** Said where somebody is about to rely on an account that cannot do anything yet. */
export function noteIfInactive(io: Io, { account, space }: AccountInSpace): void {
  if (account.activatedAt !== null) return;
  const address = addressOf({ account, space });
  io.err(
    `Note: ${address} is not activated and cannot sign in: its phone's first fetch activates it, or \`ringup account activate ${address}\`.\n`,
  );
}
