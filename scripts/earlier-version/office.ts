import type { ApiClient } from '../../test/support/api-client.ts';
import type { Secret, Secrets } from '../../test/support/earlier-versions.ts';
import type { Json } from '../../test/support/json.ts';
import type { Ringup } from './ringup.ts';

/** The two spaces. */
export const headquarters = 'sip.example.test';
export const branch = 'branch.example.test';

/** A server that runs, the people who manage it, and what everybody is handed. */
export interface Office {
  readonly ringup: Ringup;
  readonly url: string;
  readonly secrets: Secrets;
  /** The first administrator, by a key with a name and by one without. */
  readonly byNamedKey: ApiClient;
  readonly byUnnamedKey: ApiClient;
}

export function noSecrets(): Secrets {
  return {
    passwords: [],
    codes: { open: [], ended: [], repeatable: [] },
    keys: { account: [], user: [] },
    deviceKeys: { working: [], revoked: [] },
    devicePaths: [],
    authTokens: [],
    externalPasswords: [],
    turnSecrets: [],
  };
}

/** An account at the moment when its code is shown. */
export interface NewAccount {
  readonly id: number;
  readonly account: string;
  readonly code: Secret;
}

/** What the API and the commands answer with a fresh code. */
export function withCode({ id, username, domain, provisioning_token: secret }: Json): NewAccount {
  const account = `${username}@${domain}`;
  return { id, account, code: { account, secret } };
}

/** Where a phone goes that scans the code. */
export function provisioningUrl({ url }: Office, code: Secret): string {
  return `${url}/provisioning/${code.secret}`;
}
