import type { ApiClient } from '../../test/support/api-client.ts';
import type { Secret, Secrets } from '../../test/support/earlier-versions.ts';
import type { Json } from '../../test/support/json.ts';
import type { Ringup } from './ringup.ts';

export const headquarters = 'sip.example.test';
export const branch = 'branch.example.test';

/** A running server, its administrators, and the secrets that everybody receives. */
export interface Office {
  readonly ringup: Ringup;
  readonly url: string;
  readonly secrets: Secrets;
  /** Both clients use keys of the first administrator. This key has a name. */
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

/** An account with its code, right after it was created. */
export interface NewAccount {
  readonly id: number;
  readonly account: string;
  readonly code: Secret;
}

/** Returns the account and the code from an answer of the API or a command. */
export function withCode({ id, username, domain, provisioning_token: secret }: Json): NewAccount {
  const account = `${username}@${domain}`;
  return { id, account, code: { account, secret } };
}

/** Returns the address that a phone opens after it scans the code. */
export function provisioningUrl({ url }: Office, code: Secret): string {
  return `${url}/provisioning/${code.secret}`;
}
