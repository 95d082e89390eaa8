import type { FieldComplaints } from '../errors/complaints.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import { algorithms, type Ha1 } from '../sip/ha1.ts';
import type { ExternalAccount } from './account.ts';
import { checkProtocol, type ExternalAccountChanges, type ExternalAccountFields } from './external-account-fields.ts';
import { ha1sOfPassword } from './passwords.ts';

/** An external account as stored, without its times. If it has no password yet, it has no HA1s. */
export type ExternalLink = Omit<ExternalAccount, 'createdAt' | 'updatedAt'>;

/** Returns the external account that these fields describe. */
export function linkOf(fields: ExternalAccountFields): ExternalLink {
  const { username, domain } = fields;
  const authUsername = fields.auth_username ?? null;
  const realm = fields.realm ?? null;
  return {
    username,
    authUsername,
    domain,
    realm,
    registrar: fields.registrar ?? null,
    outboundProxy: fields.outbound_proxy ?? null,
    protocol: fields.protocol ?? 'TLS',
    ha1s: ha1sOf(fields, authUsername ?? username, realm ?? domain),
  };
}

function ha1sOf({ password = '', ha1, algorithm }: ExternalAccountFields, user: string, realm: string): Ha1[] {
  if (ha1 !== undefined && algorithm !== undefined) return [{ algorithm, ha1 }];
  return ha1sOfPassword(algorithm === undefined ? algorithms : [algorithm], user, realm, password);
}

/**
 * Returns the external account with these changes. Another domain means another provider, so nothing else is kept.
 * Another user name at the same domain means another person, so the password and `authUsername` are dropped.
 */
export function changedLink(stored: ExternalAccount | null, changes: ExternalAccountChanges): ExternalLink {
  const isSameDomain = changes.domain === undefined || changes.domain === stored?.domain;
  const kept = isSameDomain ? stored : null;
  const username = changes.username ?? kept?.username ?? '';
  const isSameUser = username === kept?.username;
  const link = {
    username,
    authUsername: isSameUser ? kept.authUsername : null,
    domain: changes.domain ?? kept?.domain ?? '',
    realm: kept?.realm ?? null,
    registrar: registrarAfter(kept, changes),
    outboundProxy: kept?.outboundProxy ?? null,
    protocol: kept?.protocol ?? 'TLS',
  };
  if (changes.password === undefined) return { ...link, ha1s: isSameUser ? kept.ha1s : [] };
  const stays = kept === null ? algorithms : kept.ha1s.map(({ algorithm }) => algorithm);
  const user = link.authUsername ?? link.username;
  return { ...link, ha1s: ha1sOfPassword(stays, user, link.realm ?? link.domain, changes.password) };
}

/**
 * Keeps the stored registrar if the new one is only another spelling of it. Without a registrar, the domain counts as
 * the registrar.
 */
function registrarAfter(kept: ExternalAccount | null, { registrar }: ExternalAccountChanges): string | null {
  if (registrar === undefined) return kept?.registrar ?? null;
  if (kept === null || registrar === null) return registrar;
  return asUri(registrar) === asUri(kept.registrar ?? kept.domain) ? kept.registrar : registrar;
}

function asUri(server: string): string {
  const uri = lowerCaseAscii(server);
  return /^sips?:/.test(uri) ? uri : `sip:${uri}`;
}

/** Returns what an external account lacks, and which of its fields contradict each other. */
export function mistakesInLink(link: ExternalLink): FieldComplaints {
  const { username, domain, registrar, outboundProxy, protocol, ha1s } = link;
  const wrong = checkProtocol({ protocol, registrar, outbound_proxy: outboundProxy });
  return {
    ...(username === '' ? { username: [{ code: 'required' }] } : {}),
    ...(domain === '' ? { domain: [{ code: 'required' }] } : {}),
    ...(ha1s.length === 0 ? { password: [{ code: 'required' }] } : {}),
    ...(wrong === undefined ? {} : { registrar: [wrong] }),
  };
}
