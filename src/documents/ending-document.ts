import type { Device } from '../devices/device.ts';
import type { GivenCredentials } from '../devices/given-credentials.ts';
import type { CallingDevice } from '../devices/identify-device.ts';
import { type Document, documentOf, mergeDocuments } from '../lpconfig/document.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import { nextFree } from './account-layer.ts';
import { type DocumentContext, isCredentials } from './build-document.ts';

const server = { layer: 'server' };
const end = {
  'config-uri': '',
  'config-uri-header_0': '',
  'contacts-vcard-list': '',
  transient_provisioning: '1',
};
const endedProxy = {
  reg_identity: '',
  reg_proxy: '',
  reg_route: '',
  reg_sendregister: '0',
  realm: '',
  idkey: '',
  depends_on: '',
};

/**
 * Returns the document for a revoked phone: it removes the account, all credentials that the phone was ever given, and
 * the provisioning address. It contains no secret. Hooks do not run.
 */
export function endingDocument(
  { baseDocuments }: Pick<DocumentContext, 'baseDocuments'>,
  { device, space, isForeign }: CallingDevice,
): string {
  const last = [endedCredentials(device), documentOf({ misc: end }, server)];
  // The first account in the phone is not ours, so nothing of it is touched.
  if (isForeign) return writeDocument(mergeDocuments(...last));
  const below = new Map([...baseDocuments.layersOf(space)].filter(([section]) => !isCredentials(section)));
  const proxies: Record<string, Record<string, string>> = { proxy_0: endedProxy };
  const had = (of: GivenCredentials['of']) => device.credentials.some((each) => each.of === of);
  if (had('external')) {
    proxies[nextFree(new Map(below).set('proxy_0', new Map()), 'proxy_')] = endedProxy;
  }
  const turn = space.turnInDocument || had('turn') ? endedTurn(below) : new Map();
  return writeDocument(mergeDocuments(below, documentOf(proxies, server), turn, ...last));
}

/**
 * Repeats what identifies each of them, with a worthless HA1, in the places where a new code would write: before 5.4, the
 * last of the same user name and realm is the one that the phone uses. From 5.4 on, Linphone replaces only those of the
 * same user name, realm, domain and algorithm.
 */
function endedCredentials({ credentials }: Device): Document {
  const sections = credentials.map(({ username, realm, domain, algorithm }, index) => [
    `auth_info_${index}`,
    { username, userid: '', passwd: '', ha1: '0'.repeat(algorithm === 'SHA-256' ? 64 : 32), realm, domain, algorithm },
  ]);
  return documentOf(Object.fromEntries(sections), server);
}

function endedTurn(below: Document): Document {
  const entries = { ref: '', stun_server: '', stun_server_username: '', protocols: '' };
  return documentOf({ proxy_0: { nat_policy_ref: '' }, [nextFree(below, 'nat_policy_')]: entries }, server);
}
