import type { AccountInSpace } from '../accounts/account.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import { type Codes, shownToken } from './codes.ts';
import { findOpenCodes, type ListedToken, type StoredCode } from './token-list-store.ts';
import { provisioningUrl } from './token-urls.ts';

export interface OpenCodeContext {
  readonly database: Db;
  readonly codes: Codes;
  readonly publicUrl: string;
  now(): number;
}

/** The code that an account can be set up with now. */
export interface OpenCode {
  readonly token: ListedToken;
  readonly resetsPassword: boolean;
  /** The URL that phones fetch; undefined if the code cannot be shown again. */
  readonly url: string | undefined;
}

/** Returns the account's open code. Does not issue one. */
export async function openCodeOf(context: OpenCodeContext, found: AccountInSpace): Promise<OpenCode | undefined> {
  return (await openCodesOf(context, [found])).get(found.account.id);
}

/** Returns the open codes of these accounts, by account id. Does not issue any. */
export async function openCodesOf(
  context: OpenCodeContext,
  accounts: readonly AccountInSpace[],
): Promise<ReadonlyMap<number, OpenCode>> {
  const ids = accounts.map(({ account }) => account.id);
  const stored = await findOpenCodes(context.database, ids, context.now());
  const open = accounts.flatMap(({ account, space }) => {
    const code = stored.get(account.id);
    return code === undefined ? [] : [[account.id, openCode(context, space, code)] as const];
  });
  return new Map(open);
}

function openCode({ codes, publicUrl }: OpenCodeContext, space: Space, stored: StoredCode): OpenCode {
  const { hash, salt, resetsPassword, ...token } = stored;
  const secret = shownToken(codes, { hash, salt });
  const url =
    secret === undefined ? undefined : provisioningUrl(space, publicUrl, secret, { resetPassword: resetsPassword });
  return { token, resetsPassword, url };
}
