import type { Algorithm } from '../sip/ha1.ts';
import { algorithms } from '../sip/ha1.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Db } from '../storage/tables.ts';
import { type SipCredential, sipCredentials } from './sip-credential-store.ts';

export type { SipCredential } from './sip-credential-store.ts';

/**
 * Yields in batches what a SIP server needs to know about the active accounts of all spaces, for one algorithm or all.
 */
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
