import type { Account } from '../../src/accounts/account.ts';
import { BaseDocuments } from '../../src/documents/base-documents.ts';
import { accountDocumentEntries, baseDocument } from '../../src/documents/build-document.ts';
import type { ProvisioningRequest } from '../../src/documents/document-hooks.ts';
import type { Hooks } from '../../src/hooks/contract.ts';
import type { HookFailure } from '../../src/hooks/hook-failure.ts';
import { documentHooks, type HookLimits } from '../../src/hooks/run-hooks.ts';
import type { Document } from '../../src/lpconfig/document.ts';
import { readLinphonerc } from '../../src/lpconfig/read-linphonerc.ts';
import { writeDocument } from '../../src/lpconfig/write-document.ts';
import { type Algorithm, computeHa1 } from '../../src/sip/ha1.ts';
import { defaultSettings } from '../../src/spaces/setting-values.ts';
import { type Space, spaceWith } from '../../src/spaces/space.ts';

export const token = 'Wm9vbSBpbiBvbiB0aGU';
const publicUrl = 'https://ringup.example.com';
const createdAt = Date.UTC(2026, 10, 23, 18, 40, 48);

export const space: Space = spaceWith(
  {
    ...defaultSettings('sip.example.com'),
    name: 'Example',
    registrar: 'sip:registrar.example.com:5071;transport=tls',
  },
  { id: 1, createdAt, updatedAt: createdAt },
);

export const alice: Account = {
  id: 7,
  spaceId: 1,
  username: 'alice',
  displayName: 'Alice',
  email: 'alice@example.com',
  phone: '+33601020304',
  admin: false,
  dtmfProtocol: 'sipinfo',
  ha1s: ha1s('alice', 'sip.example.com', ['SHA-256', 'MD5']),
  linphonerc: '',
  note: null,
  group: null,
  language: null,
  activatedAt: createdAt,
  blockedAt: null,
  version: 3,
  createdAt,
  updatedAt: createdAt,
  external: {
    username: 'bob',
    authUsername: null,
    domain: 'sip.example.org',
    realm: 'example.org',
    registrar: null,
    outboundProxy: null,
    protocol: 'TCP',
    ha1s: ha1s('bob', 'example.org', ['MD5']),
    createdAt,
    updatedAt: createdAt,
  },
};

export const carol: Account = { ...alice, id: 8, username: 'carol', displayName: null, external: null, phone: null };

export function ha1s(username: string, realm: string, algorithms: readonly Algorithm[]) {
  return algorithms.map((algorithm) => ({ algorithm, ha1: computeHa1(algorithm, username, realm, 'secret') }));
}

export interface Setting {
  readonly space?: Space;
  readonly account?: Account;
  readonly contacts?: readonly Account[];
  readonly linphonerc?: string;
  /** Path and query. */
  readonly url?: string;
  readonly headers?: ProvisioningRequest['headers'];
  readonly limits?: HookLimits;
  readonly elapsed?: () => number;
  readonly onFailure?: (failure: HookFailure) => void;
}

/** What `setting` has no word about is as usual: Alice redeems her token. */
export function provisioning(hooks: Hooks, setting: Setting = {}) {
  const { url = `/provisioning/${token}`, headers = {} } = setting;
  const own = setting.space ?? space;
  const account = setting.account ?? alice;
  const layers = readLinphonerc(setting.linphonerc ?? '').document;
  const context = {
    baseDocuments: new BaseDocuments(
      () => layers,
      () => publicUrl,
    ),
    publicUrl,
    now: () => Date.now(),
    hooks: documentHooks(hooks, {
      contactsOf: async () => setting.contacts ?? [],
      domainOf: (id) => (id > 2 ? undefined : `space${id}.example.com`),
      onFailure: setting.onFailure ?? (() => {}),
      ...(setting.limits === undefined ? {} : { limits: setting.limits }),
      elapsed: setting.elapsed ?? (() => performance.now()),
    }),
  };
  const { searchParams: query } = new URL(url, publicUrl);
  const request = { method: 'GET', url, query, headers, address: '192.0.2.7' };
  return {
    context,
    entries: (): Promise<Document> => accountDocumentEntries(context, { account, space: own }, request),
    xml: async (): Promise<string> =>
      writeDocument(await accountDocumentEntries(context, { account, space: own }, request)),
    base: async (): Promise<string> => String(await baseDocument(context, own, request)),
  };
}

/** The document's values by section and entry. */
export async function provision(hooks: Hooks, setting?: Setting): Promise<Record<string, Record<string, string>>> {
  const document = await provisioning(hooks, setting).entries();
  return Object.fromEntries(
    [...document].map(([name, section]) => [
      name,
      Object.fromEntries([...section].map(([key, entry]) => [key, entry.value])),
    ]),
  );
}
