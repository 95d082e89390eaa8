import { join } from 'node:path';
import { issueUserKey } from '../src/access/create-api-key.ts';
import { checkAccountFields } from '../src/accounts/account-fields.ts';
import { createAccountIn } from '../src/administration/create-account.ts';
import { databaseLocation, openApp } from '../src/app.ts';
import { loadSettings } from '../src/config/load-config.ts';
import { operator } from '../src/events/actor.ts';
import { change } from '../src/events/change.ts';
import { createLogger } from '../src/lib/logger.ts';
import { issueTokenIn } from '../src/tokens/issue-token.ts';
import { addWaitingAccounts } from './fill-database.ts';

/** A data directory as a server of some age has it. */
export interface BenchData {
  readonly dataDir: string;
  /** The SQLite file. */
  readonly file: string;
  /** An active account. */
  readonly user: { readonly username: string; readonly domain: string; readonly ha1: string };
  readonly apiKey: string;
  /** Of an account that waits for its phone; only ever shown as a QR code. */
  readonly shownToken: string;
  /** So many unused tokens, each given out once. */
  takeTokens(count: number): string[];
}

export async function makeBenchData(parent: string, name: string, waiting: number): Promise<BenchData> {
  const dataDir = join(parent, name);
  const settings = loadSettings({ RINGUP_DATA_DIR: dataDir });
  const app = await openApp(settings, { log: createLogger('warn', process.stderr) });
  const space = app.spaces.first;
  const fields = { username: 'alice', password: 'correct horse', display_name: 'Alice Example' };
  const alice = await checkAccountFields({ ...fields, activated: true }, space);
  const bob = await checkAccountFields({ ...fields, username: 'bob' }, space);
  const made = await change(app, operator, async (tx, by) => {
    const user = await createAccountIn(tx, by, space, alice);
    const shown = await createAccountIn(tx, by, space, bob);
    const { secret } = await issueUserKey(tx, user, null, by.at);
    const { token } = await issueTokenIn(tx, by, shown.id, null);
    return { user, key: secret, token };
  });
  await app.close();
  const file = databaseLocation(settings);
  const tokens = addWaitingAccounts(file, waiting);
  const ha1 = made.user.ha1s[0]?.ha1 ?? '';
  return {
    dataDir,
    file,
    user: { username: made.user.username, domain: space.domain, ha1 },
    apiKey: made.key,
    shownToken: made.token,
    takeTokens(count) {
      if (tokens.length < count) throw new Error(`The bench needs ${count - tokens.length} more tokens.`);
      return tokens.splice(-count);
    },
  };
}
