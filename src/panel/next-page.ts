import type { Account } from '../accounts/account.ts';

/** Returns the path of the page that somebody goes on to: the one that was asked for, or else where they begin. */
export function pageAfterSignIn(account: Account, next = ''): string {
  if (isOwnPath(next)) return next;
  return account.admin && account.activatedAt !== null ? '/admin' : '/account';
}

const anyOrigin = 'http://ringup.invalid';

/** Returns whether the text is the path of a page of ours, so that a link to `/login?next=…` leads nowhere else. */
function isOwnPath(text: string): boolean {
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)) return false;
  return URL.canParse(text, anyOrigin) && new URL(text, anyOrigin).origin === anyOrigin;
}
