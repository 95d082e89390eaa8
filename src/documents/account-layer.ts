import {
  type Account,
  type AccountInSpace,
  type ExternalAccount,
  externalRegistrar,
  externalRoute,
} from '../accounts/account.ts';
import type { DeviceAddress } from '../devices/device.ts';
import { type Document, documentOf, findValue, mergeDocuments, type Section } from '../lpconfig/document.ts';
import type { Ha1 } from '../sip/ha1.ts';
import { nameAddr } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';

/** A section that `proxy` or `auth` hooks are called for, with the account that it belongs to. */
export interface SectionRole {
  readonly kind: 'proxy' | 'auth';
  readonly section: string;
  readonly external: boolean;
  /** The credentials in an `auth` section. */
  readonly ha1?: Ha1;
}

export interface AccountDocument {
  readonly document: Document;
  readonly roles: readonly SectionRole[];
}

/** The `idkey` of external accounts, by which the main account can depend on them. */
export const externalIdkey = 'external_account';

/**
 * The domain of all credentials of an account except the first. A phone adds credentials without a domain once more
 * with each document. If it then has several without one, or some with and some without, it finds none of them. So all
 * credentials have a domain, whatever the space's `refetch` is.
 */
const furtherDomain = 'md5.invalid';

/** Adds the account and its external account to the layers below. `publicUrl` is the public URL of the space. */
export function addAccount(
  below: Document,
  { account, space }: AccountInSpace,
  publicUrl: string,
  device?: DeviceAddress,
): AccountDocument {
  const roles: SectionRole[] = [];
  const document = new Map(below);
  const put = (role: SectionRole, entries: Readonly<Record<string, string>>): void => {
    roles.push(role);
    document.set(role.section, over(document.get(role.section), entries, role.external ? 'external' : 'account'));
  };
  put({ kind: 'proxy', section: 'proxy_0', external: false }, mainProxy(below, account, space));
  const { username } = account;
  const { effectiveRealm: realm, domain } = space;
  putCredentials(document, put, { username, userid: '', realm, domain }, account);
  const { external } = account;
  if (external !== null) {
    put({ kind: 'proxy', section: nextFree(document, 'proxy_'), external: true }, externalProxy(account, external));
    const { username, authUsername, domain } = external;
    const realm = external.realm ?? domain;
    putCredentials(document, put, { username, userid: authUsername ?? '', realm, domain }, external);
  }
  return { document: mergeDocuments(document, refetch(space, publicUrl, device)), roles };
}

function mainProxy(below: Document, account: Account, space: Space): Record<string, string> {
  const unlessSet = (entry: string): Record<string, string> =>
    findValue(below, 'proxy_0', entry) === undefined ? { [entry]: '' } : {};
  const dependent = space.dependOnExternal && account.external !== null;
  // An empty registrar is one that was left out: with it, phones would not register anywhere.
  const registrarIn = (section: string) => findValue(below, section, 'reg_proxy') || undefined;
  return {
    reg_identity: nameAddr(account.displayName, account.username, space.domain),
    // Linphone 5.5 ignores a registrar in proxy_default_values, so its value is repeated here.
    ...(registrarIn('proxy_0') === undefined
      ? { reg_proxy: registrarIn('proxy_default_values') ?? `<${space.effectiveRegistrar}>` }
      : {}),
    reg_sendregister: '1',
    realm: space.effectiveRealm,
    refkey: 'push_notification',
    ...unlessSet('idkey'),
    ...(dependent ? { depends_on: externalIdkey } : unlessSet('depends_on')),
    ...unlessSet('reg_route'),
  };
}

function externalProxy(account: Account, external: ExternalAccount): Record<string, string> {
  return {
    reg_identity: nameAddr(account.displayName, external.username, external.domain),
    reg_proxy: `<${externalRegistrar(external)}>`,
    reg_route: externalRoute(external) ?? '',
    reg_sendregister: '1',
    realm: external.realm ?? external.domain,
    refkey: 'push_notification',
    idkey: externalIdkey,
    depends_on: '',
  };
}

function putCredentials(
  document: Document,
  put: (role: SectionRole, entries: Readonly<Record<string, string>>) => void,
  of: Readonly<Record<'username' | 'userid' | 'realm' | 'domain', string>>,
  { ha1s, external }: { readonly ha1s: readonly Ha1[]; readonly external?: unknown },
): void {
  ha1s.forEach((each, index) => {
    const section = nextFree(document, 'auth_info_');
    put(
      { kind: 'auth', section, external: external === undefined, ha1: each },
      {
        username: of.username,
        // Linphone finds credentials by the SIP user, and authenticates as `userid` if there is one.
        userid: of.userid,
        passwd: '',
        ha1: each.ha1,
        realm: of.realm,
        // On the phone, sections with the same username, realm and domain replace each other.
        domain: index === 0 ? of.domain : furtherDomain,
        algorithm: each.algorithm,
      },
    );
  });
}

function refetch(space: Space, publicUrl: string, device?: DeviceAddress): Document {
  switch (space.refetch) {
    case 'once':
      return documentOf({ misc: { transient_provisioning: '1' } }, { layer: 'account' });
    case 'every-start':
      return documentOf(
        { misc: { transient_provisioning: '0', ...refetchAddress(`${publicUrl}/provisioning/me`, device) } },
        { layer: 'account' },
      );
    case 'client':
      return new Map();
  }
}

/**
 * Returns the entries for fetching the document again. A phone that already has a key gets no header, because phones
 * keep entries that a document does not mention.
 */
function refetchAddress(me: string, device: DeviceAddress | undefined): Record<string, string> {
  if (device === undefined) return { 'config-uri': me };
  const address = { 'config-uri': `${me}?device=${device.publicId}` };
  return device.key === undefined ? address : { ...address, 'config-uri-header_0': `x-device-key: ${device.key}` };
}

/**
 * Returns the first unused section name, because Linphone reads `proxy_N` and `auth_info_N` from 0 up to the first gap.
 */
export function nextFree(document: Document, prefix: string): string {
  let index = 0;
  while (document.has(`${prefix}${index}`)) index += 1;
  return `${prefix}${index}`;
}

function over(below: Section | undefined, entries: Readonly<Record<string, string>>, layer: string): Section {
  const section = new Map(below);
  const origin = { layer };
  for (const [name, value] of Object.entries(entries)) {
    section.set(name, { value, overwrite: true, origin });
  }
  return section;
}
