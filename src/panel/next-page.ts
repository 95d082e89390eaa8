import { administers } from '../access/caller.ts';
import type { Account } from '../accounts/account.ts';

/**
 * Returns the path of the page after the sign-in: `next` if it is one of our pages, otherwise the account's first page.
 */
export function pageAfterSignIn(account: Account, next = ''): string {
  if (isOwnPath(next)) return next;
  return administers(account) ? '/admin' : '/account';
}

/** What the form for signing in takes. Its body has 4 KiB, in which the name and the password need room too. */
export const maxNextLength = 2000;

/** Returns the query with which `/login` leads to the page at `next`, or '' if `next` is too long for its form. */
export function queryForNext(next: string): string {
  const query = `?${new URLSearchParams({ next })}`;
  return next === '' || query.length > maxNextLength ? '' : query;
}

const anyOrigin = 'http://ringup.invalid';

/**
 * Returns whether the text is the path of one of our pages, so that a link to `/login?next=…` cannot lead to another
 * site.
 */
function isOwnPath(text: string): boolean {
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)) return false;
  return URL.canParse(text, anyOrigin) && new URL(text, anyOrigin).origin === anyOrigin;
}
