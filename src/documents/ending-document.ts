import type { Device } from '../devices/device.ts';
import type { GivenCredentials } from '../devices/given-credentials.ts';
import type { CallingDevice } from '../devices/identify-device.ts';
import { type Document, documentOf, mergeDocuments } from '../lpconfig/document.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import { readSdkVersion } from '../sip/device-name.ts';
import { nextFree } from './account-layer.ts';
import { type DocumentContext, isCredentials } from './build-document.ts';

const server = { layer: 'server' };
const end = {
  'config-uri': '',
  'config-uri-header_0': '',
  'contacts-vcard-list': '',
  transient_provisioning: '1',
};
/** The entries of an account that is being removed. */
export const endedProxy = {
  reg_identity: '',
  reg_proxy: '',
  reg_route: '',
  reg_sendregister: '0',
  realm: '',
  idkey: '',
  depends_on: '',
};

/**
 * Makes the first account the default. Otherwise the phone keeps the number of a removed account, and has no default
 * account.
 */
export const firstIsDefault = { default_proxy: '0' };

/**
 * Returns the document for a revoked phone: it removes the account, all credentials that the phone ever received, and
 * the provisioning address. It contains no secret, and nothing from the account's own text, because the phone is not
 * authenticated. Hooks do not run.
 */
export function endingDocument(
  { baseDocuments }: Pick<DocumentContext, 'baseDocuments'>,
  { device, account, space, isForeign }: CallingDevice,
  agent: string,
): string {
  const last = [endedCredentials(device, agent), documentOf({ misc: end }, server)];
  // The first account in the phone is not ours, so it is left alone.
  if (isForeign) return writeDocument(mergeDocuments(...last));
  const withoutCredentials = (document: Document) =>
    new Map([...document].filter(([section]) => !isCredentials(section)));
  const below = withoutCredentials(baseDocuments.layersOf(space, { ...account, linphonerc: '' }));
  // Used only to count the sections, because the account's own text may define accounts and NAT policies too.
  const given = withoutCredentials(baseDocuments.layersOf(space, account));
  const proxies: Record<string, Record<string, string>> = { proxy_0: endedProxy };
  const had = (of: GivenCredentials['of']) => device.credentials.some((each) => each.of === of);
  if (had('external')) {
    proxies[nextFree(given.set('proxy_0', new Map()), 'proxy_')] = endedProxy;
  }
  const turn = space.turnInDocument || had('turn') ? endedTurn(given) : new Map();
  return writeDocument(mergeDocuments(below, documentOf({ ...proxies, sip: firstIsDefault }, server), turn, ...last));
}

/**
 * Repeats what identifies each of the credentials, with a worthless HA1, in the places where a new code would write.
 * From 5.4 on, Linphone replaces credentials with the same user name, realm, domain and algorithm in any place. Earlier
 * versions replace what is in the same place, and use the last credentials with the same user name and realm. Places
 * that none of the phone's documents used are left alone, because they may hold another account's credentials.
 */
function endedCredentials({ credentials, credentialPlaces }: Device, agent: string): Document {
  const ended = replacesByPlace(agent) ? credentials.slice(0, credentialPlaces) : credentials;
  return documentOf(Object.fromEntries(ended.map((each, index) => [`auth_info_${index}`, worthless(each)])), server);
}

/** Returns the entries that make these credentials useless. */
export function worthless({ username, realm, domain, algorithm }: GivenCredentials): Record<string, string> {
  const ha1 = '0'.repeat(algorithm === 'SHA-256' ? 64 : 32);
  return { username, userid: '', passwd: '', ha1, realm, domain, algorithm };
}

/**
 * Returns whether the phone is known to be from before 5.4. If its version is unknown, all credentials are removed,
 * because credentials that stay in a phone are worse than an account that must be set up again.
 */
export function replacesByPlace(agent: string): boolean {
  const sdk = readSdkVersion(agent);
  return sdk !== undefined && (sdk.major < 5 || (sdk.major === 5 && sdk.minor < 4));
}

function endedTurn(given: Document): Document {
  const entries = { ref: '', stun_server: '', stun_server_username: '', protocols: '' };
  return documentOf({ proxy_0: { nat_policy_ref: '' }, [nextFree(given, 'nat_policy_')]: entries }, server);
}
