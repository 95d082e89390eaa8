import type { Algorithm } from '../sip/ha1.ts';
import { algorithms } from '../sip/ha1.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Db } from '../storage/tables.ts';
import { type SipCredential, sipCredentials } from './sip-credential-store.ts';

export type { SipCredential } from './sip-credential-store.ts';

/** What a SIP server has to know of the active accounts of all spaces, some at a time; of one algorithm or of all. */
export async function* exportCredentials(
  { database, spaces }: { readonly database: Db; readonly spaces: SpaceDirectory },
  algorithm?: Algorithm,
): AsyncGenerator<SipCredential[]> {
  for (const { domain } of spaces.all) {
    for (const each of algorithm === undefined ? algorithms : [algorithm]) {
      yield* sipCredentials(database, { domain, algorithm: each });
    }
  }
}
