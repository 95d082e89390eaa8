import { isDeepStrictEqual } from 'node:util';
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
  const link = {
    username: fields.username,
    authUsername: fields.auth_username ?? null,
    domain: fields.domain,
    realm: fields.realm ?? null,
    registrar: fields.registrar ?? null,
    outboundProxy: fields.outbound_proxy ?? null,
    protocol: fields.protocol ?? 'TLS',
  };
  return { ...link, ha1s: ha1sOf(fields, loginOf(link)) };
}

function ha1sOf({ password = '', ha1, algorithm }: ExternalAccountFields, { user, realm }: Login): Ha1[] {
  if (ha1 !== undefined && algorithm !== undefined) return [{ algorithm, ha1 }];
  return ha1sOfPassword(algorithm === undefined ? algorithms : [algorithm], user, realm, password);
}

/**
 * Returns the external account with these changes. Another domain means another provider, so nothing else is kept.
 * Another user name at the same domain means another person, so the password and `authUsername` are dropped. HA1s end
 * with the realm and the user for authentication that they were made of.
 */
export function changedLink(stored: ExternalAccount | null, changes: ExternalAccountChanges): ExternalLink {
  const isSameDomain = changes.domain === undefined || changes.domain === stored?.domain;
  const kept = isSameDomain ? stored : null;
  const username = changes.username ?? kept?.username ?? '';
  const isSameUser = username === kept?.username;
  const {
    auth_username: authUsername = isSameUser ? kept.authUsername : null,
    domain = kept?.domain ?? '',
    realm = kept?.realm ?? null,
    outbound_proxy: outboundProxy = kept?.outboundProxy ?? null,
    protocol = kept?.protocol ?? 'TLS',
    password,
  } = changes;
  const link = {
    username,
    authUsername,
    domain,
    realm,
    registrar: registrarAfter(kept, changes),
    outboundProxy,
    protocol,
  };
  const login = loginOf(link);
  if (password === undefined) {
    const isSameLogin = isSameUser && isDeepStrictEqual(loginOf(kept), login);
    return { ...link, ha1s: isSameLogin ? kept.ha1s : [] };
  }
  const stays = kept === null ? algorithms : kept.ha1s.map(({ algorithm }) => algorithm);
  return { ...link, ha1s: ha1sOfPassword(stays, login.user, login.realm, password) };
}

/** The user and the realm that HA1s are made of. */
interface Login {
  readonly user: string;
  readonly realm: string;
}

function loginOf({ username, authUsername, domain, realm }: Omit<ExternalLink, 'ha1s'>): Login {
  return { user: authUsername ?? username, realm: realm ?? domain };
}

/** Returns whether this is the external account that is stored. */
export function isLinked(stored: ExternalAccount | null, link: ExternalLink): boolean {
  if (stored === null) return false;
  const { createdAt: _, updatedAt: __, ...linked } = stored;
  return isDeepStrictEqual(linked, link);
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
