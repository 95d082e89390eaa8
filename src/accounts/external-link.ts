import type { FieldComplaints } from '../errors/complaints.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import { algorithms, type Ha1 } from '../sip/ha1.ts';
import type { ExternalAccount } from './account.ts';
import { checkProtocol, type ExternalAccountChanges, type ExternalAccountFields } from './external-account-fields.ts';
import { ha1sOfPassword } from './passwords.ts';

/** An external account as it is stored, without its times. One that lacks its password has no HA1s. */
export type ExternalLink = Omit<ExternalAccount, 'createdAt' | 'updatedAt'>;

/** Returns what the fields of a new external account link. */
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
 * Returns what changes make of an external account. Another domain is another provider, of which nothing is known yet.
 * Another user name of the same domain keeps all but who authenticates: both names and the password are of one person.
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

/** Another spelling of the same server is no change. Without a registrar, it is the domain. */
function registrarAfter(kept: ExternalAccount | null, { registrar }: ExternalAccountChanges): string | null {
  if (registrar === undefined) return kept?.registrar ?? null;
  if (kept === null || registrar === null) return registrar;
  return asUri(registrar) === asUri(kept.registrar ?? kept.domain) ? kept.registrar : registrar;
}

function asUri(server: string): string {
  const uri = lowerCaseAscii(server);
  return /^sips?:/.test(uri) ? uri : `sip:${uri}`;
}

/** Returns what a changed external account lacks, and what does not go together. */
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
