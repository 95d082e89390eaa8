import type { Account } from '../accounts/account.ts';
import { findAccountsByNames } from '../accounts/account-names-store.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import { findForbidden } from '../lib/forbidden-characters.ts';
import type { Space } from '../spaces/space.ts';
import type { Db } from '../storage/tables.ts';
import type { CheckedFields } from './import.ts';

/** Finds the accounts of a space that rows refer to. */
export async function findPresentAccounts(
  db: Db,
  space: Space,
  rows: readonly { readonly fields: CheckedFields }[],
): Promise<PresentAccounts> {
  return new PresentAccounts(await findAccountsByNames(db, space.id, namesIn(rows)));
}

function namesIn(rows: readonly { readonly fields: CheckedFields }[]) {
  const all = (...of: ((fields: CheckedFields) => string | undefined)[]) => [
    ...new Set(rows.flatMap(({ fields }) => of.flatMap((each) => each(fields) ?? [])).filter(isPossible)),
  ];
  return {
    usernames: all(({ username, derivedFrom }) => username ?? derivedFrom, spelledName),
    emails: all(({ email }) => (email === undefined ? undefined : lowerCaseAscii(email))),
    phones: all(({ phone }) => phone),
  };
}

/** Returns whether a name can exist. PostgreSQL refuses queries with characters such as U+0000. */
function isPossible(name: string): boolean {
  return name !== '' && findForbidden(name) === undefined;
}

function spelledName({ spelled = '' }: CheckedFields): string | undefined {
  return isPossible(spelled) ? spelled : undefined;
}

/** The existing accounts that rows refer to, by their names. */
export class PresentAccounts {
  readonly #byUsername = new Map<string, Account>();
  readonly #byEmail = new Map<string, Account>();
  readonly #byPhone = new Map<string, Account>();

  constructor(accounts: readonly Account[]) {
    for (const account of accounts) {
      this.#byUsername.set(account.username, account);
      if (account.email !== null) this.#byEmail.set(lowerCaseAscii(account.email), account);
      if (account.phone !== null) this.#byPhone.set(account.phone, account);
    }
  }

  /**
   * Returns the account that a row belongs to: by its user name, else by its mail address, else by its phone number.
   */
  of(fields: CheckedFields): Account | undefined {
    const { username, email, phone } = fields;
    const exact = this.spelledAs(fields);
    if (exact !== undefined) return exact;
    if (username !== undefined) return this.#byUsername.get(username);
    if (email !== undefined) return this.withEmail(email) ?? this.withPhone(phone);
    return this.withPhone(phone);
  }

  /** Returns the account whose user name is exactly the text in the file, including capital letters. */
  spelledAs(fields: CheckedFields): Account | undefined {
    return this.#byUsername.get(spelledName(fields) ?? '');
  }

  withEmail(email: string | undefined): Account | undefined {
    return email === undefined ? undefined : this.#byEmail.get(lowerCaseAscii(email));
  }

  withPhone(phone: string | undefined): Account | undefined {
    return phone === undefined ? undefined : this.#byPhone.get(phone);
  }

  hasUsername(username: string): boolean {
    return this.#byUsername.has(username);
  }
}
