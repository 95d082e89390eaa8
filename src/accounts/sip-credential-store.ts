import type { Algorithm } from '../sip/ha1.ts';
import type { SipCredentialView } from '../storage/account-tables.ts';
import type { Db } from '../storage/tables.ts';

export type SipCredential = SipCredentialView;

export interface CredentialFilter {
  readonly domain: string;
  readonly algorithm: Algorithm;
}

const pageSize = 5_000;

/**
 * Yields what a SIP server needs to know about the active accounts of one domain, page by page, ordered by user name.
 */
export async function* sipCredentials(db: Db, filter: CredentialFilter): AsyncGenerator<SipCredential[]> {
  let after = '';
  for (;;) {
    const page = await db
      .selectFrom('sip_credentials')
      .selectAll()
      .where('domain', '=', filter.domain)
      .where('algorithm', '=', filter.algorithm)
      .where('username', '>', after)
      .orderBy('username')
      .limit(pageSize)
      .execute();
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.username;
  }
}
