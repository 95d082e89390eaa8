import type { Account, AccountInSpace } from '../accounts/account.ts';
import { csvLine } from '../lib/write-csv.ts';

/** The columns of an export, and the value that an account has in each. */
const columns: Readonly<Record<string, (account: Account) => string | boolean | null | undefined>> = {
  username: ({ username }) => username,
  name: ({ displayName }) => displayName,
  email: ({ email }) => email,
  phone: ({ phone }) => phone,
  language: ({ language }) => language,
  note: ({ note }) => note,
  group: ({ group }) => group,
  algorithm: ({ ha1s }) => (ha1s.length === 1 ? ha1s[0]?.algorithm : ''),
  admin: ({ admin }) => admin,
  activated: ({ activatedAt }) => activatedAt !== null,
  external_username: ({ external }) => external?.username,
  external_domain: ({ external }) => external?.domain,
  external_registrar: ({ external }) => external?.registrar,
};

const secrets: typeof columns = {
  ha1_md5: ({ ha1s }) => ha1s.find(({ algorithm }) => algorithm === 'MD5')?.ha1,
  ha1_sha256: ({ ha1s }) => ha1s.find(({ algorithm }) => algorithm === 'SHA-256')?.ha1,
};

/** Returns whether a table has exactly the columns of our export. */
export function isExportHeader(header: readonly string[]): boolean {
  const own = Object.keys(columns).join();
  return header.join() === own || header.join() === [own, ...Object.keys(secrets)].join();
}

/** Yields a table of accounts that an import can read, batch by batch, without passwords. */
export async function* exportAccounts(
  batches: AsyncIterable<readonly AccountInSpace[]>,
  { ha1 = false }: { readonly ha1?: boolean } = {},
): AsyncGenerator<{ readonly text: string; readonly accounts: number }> {
  const all = { ...columns, ...(ha1 ? secrets : {}) };
  yield { text: csvLine(Object.keys(all)), accounts: 0 };
  for await (const accounts of batches) {
    const lines = accounts.map(({ account }) => csvLine(Object.values(all).map((of) => String(of(account) ?? ''))));
    yield { text: lines.join(''), accounts: accounts.length };
  }
}
