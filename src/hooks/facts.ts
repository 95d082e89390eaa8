import { type Account, type ExternalAccount, externalRegistrar } from '../accounts/account.ts';
import type { ProvisioningRequest } from '../documents/document-hooks.ts';
import { headerText } from '../lib/header-text.ts';
import type { Ha1 } from '../sip/ha1.ts';
import { sipUri } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';
import type {
  HookAccount,
  HookContact,
  HookCredentials,
  HookExternalAccount,
  HookRequest,
  HookSpace,
} from './contract.ts';

// Everything that hooks get is frozen, so that no hook can change it for another hook or for the server.

/** The headers that callers authenticate with. Hooks never see them. */
export const withheldHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'x-device-key',
]);

/** The parameter with the device's address, without which its key is not valid. Hooks never see it. */
export const withheldParameter = 'device';

export function requestFacts(request: ProvisioningRequest): HookRequest {
  const query = new URLSearchParams(request.query);
  const url = query.has(withheldParameter) ? withoutParameter(request.url, query) : request.url;
  const headers = Object.entries(request.headers)
    .filter(([name]) => !withheldHeaders.has(name.toLowerCase()))
    .map(([name, value]) => [name, readable(value)]);
  return Object.freeze({
    method: request.method,
    url,
    query,
    headers: Object.freeze(Object.fromEntries(headers)),
    address: request.address,
  });
}

function readable(header: string | string[] | undefined): string | readonly string[] | undefined {
  if (Array.isArray(header)) return Object.freeze(header.map(headerText));
  return header === undefined ? undefined : headerText(header);
}

function withoutParameter(url: string, query: URLSearchParams): string {
  query.delete(withheldParameter);
  const [path = ''] = url.split('?', 1);
  return query.size === 0 ? path : `${path}?${query}`;
}

export function spaceFacts(space: Space): HookSpace {
  const { domain, name, host } = space;
  return Object.freeze({ domain, name, host, registrar: space.effectiveRegistrar, realm: space.effectiveRealm });
}

export function accountFacts(account: Account, domain: string, contacts: readonly HookContact[]): HookAccount {
  return Object.freeze({
    ...contactFacts(account, domain),
    admin: account.admin,
    activated: account.activatedAt !== null,
    blocked: account.blockedAt !== null,
    linphonerc: account.linphonerc,
    createdAt: new Date(account.createdAt).toISOString(),
    contacts: Object.freeze([...contacts]),
    external: account.external === null ? null : externalFacts(account.external),
  });
}

export function contactFacts(account: Account, domain: string): HookContact {
  const { id, username, displayName, email, phone, dtmfProtocol } = account;
  return Object.freeze({
    id,
    username,
    domain,
    sipUri: sipUri(username, domain),
    displayName,
    email,
    phone,
    dtmfProtocol,
  });
}

export function credentialFacts(account: Account, space: Space, ha1: Ha1, external: boolean): HookCredentials {
  const of = external && account.external !== null ? account.external : null;
  return Object.freeze({
    username: of?.username ?? account.username,
    realm: of === null ? space.effectiveRealm : externalRealm(of),
    algorithm: ha1.algorithm,
    ha1: ha1.ha1,
  });
}

function externalFacts(external: ExternalAccount): HookExternalAccount {
  const { username, authUsername, domain, outboundProxy, protocol } = external;
  return Object.freeze({
    username,
    authUsername,
    domain,
    sipUri: sipUri(username, domain),
    realm: externalRealm(external),
    registrar: externalRegistrar(external),
    outboundProxy,
    protocol,
  });
}

function externalRealm(external: ExternalAccount): string {
  return external.realm ?? external.domain;
}
