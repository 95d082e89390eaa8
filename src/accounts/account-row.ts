import type { Selection } from 'kysely';
import { isLanguage } from '../lib/languages.ts';
import type { Ha1 } from '../sip/ha1.ts';
import type { Tables } from '../storage/tables.ts';
import type { Account, DtmfProtocol, ExternalAccount, ExternalProtocol } from './account.ts';

const ownColumns = [
  'accounts.id',
  'accounts.space_id',
  'accounts.username',
  'accounts.display_name',
  'accounts.email',
  'accounts.phone',
  'accounts.admin',
  'accounts.dtmf_protocol',
  'accounts.ha1_sha256',
  'accounts.ha1_md5',
  'accounts.linphonerc',
  'accounts.note',
  'accounts.group_name',
  'accounts.language',
  'accounts.activated_at',
  'accounts.blocked_at',
  'accounts.version',
  'accounts.created_at',
  'accounts.updated_at',
] as const;

const externalColumns = [
  'external_accounts.username as external_username',
  'external_accounts.auth_username as external_auth_username',
  'external_accounts.domain as external_domain',
  'external_accounts.realm as external_realm',
  'external_accounts.registrar as external_registrar',
  'external_accounts.outbound_proxy as external_outbound_proxy',
  'external_accounts.protocol as external_protocol',
  'external_accounts.ha1_sha256 as external_ha1_sha256',
  'external_accounts.ha1_md5 as external_ha1_md5',
  'external_accounts.created_at as external_created_at',
  'external_accounts.updated_at as external_updated_at',
] as const;

/** The columns of an account and its external account, which are always read together. */
export const accountColumns = [...ownColumns, ...externalColumns] as const;

type ExternalRow = Selection<Tables, 'external_accounts', (typeof externalColumns)[number]>;

/** `accountColumns` of `accounts` with a left join of `external_accounts`. */
export type AccountRow = Selection<Tables, 'accounts', (typeof ownColumns)[number]> & {
  [Column in keyof ExternalRow]: ExternalRow[Column] | null;
};

export function accountOf(row: AccountRow): Account {
  return {
    id: row.id,
    spaceId: row.space_id,
    username: row.username,
    displayName: row.display_name,
    email: row.email,
    phone: row.phone,
    admin: row.admin === 1,
    dtmfProtocol: row.dtmf_protocol as DtmfProtocol,
    ha1s: ha1sOf(row.ha1_sha256, row.ha1_md5),
    linphonerc: row.linphonerc,
    note: row.note,
    group: row.group_name,
    language: isLanguage(row.language) ? row.language : null,
    activatedAt: row.activated_at,
    blockedAt: row.blocked_at,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    external: externalOf(row),
  };
}

function externalOf(row: AccountRow): ExternalAccount | null {
  if (row.external_username === null || row.external_domain === null) return null;
  return {
    username: row.external_username,
    authUsername: row.external_auth_username,
    domain: row.external_domain,
    realm: row.external_realm,
    registrar: row.external_registrar,
    outboundProxy: row.external_outbound_proxy,
    protocol: row.external_protocol as ExternalProtocol,
    ha1s: ha1sOf(row.external_ha1_sha256, row.external_ha1_md5),
    createdAt: row.external_created_at ?? 0,
    updatedAt: row.external_updated_at ?? 0,
  };
}

function ha1sOf(sha256: string | null, md5: string | null): Ha1[] {
  const ha1s: Ha1[] = [];
  if (sha256 !== null) ha1s.push({ algorithm: 'SHA-256', ha1: sha256 });
  if (md5 !== null) ha1s.push({ algorithm: 'MD5', ha1: md5 });
  return ha1s;
}

/** Returns the columns that hold a password's HA1s. The column of any other algorithm is cleared. */
export function ha1Columns(ha1s: readonly Ha1[]): { ha1_sha256: string | null; ha1_md5: string | null } {
  const of = (algorithm: Ha1['algorithm']) => ha1s.find((each) => each.algorithm === algorithm)?.ha1 ?? null;
  return { ha1_sha256: of('SHA-256'), ha1_md5: of('MD5') };
}
