import { type ApiClient, apiWith } from '../../test/support/api-client.ts';
import type { Secret } from '../../test/support/earlier-versions.ts';
import { parseDocument } from '../../test/support/xml.ts';
import { branch, type NewAccount, type Office, provisioningUrl, withCode } from './office.ts';
import { get, getByDigest, newPhone, oldPhone } from './phone.ts';
import { userKey } from './use-accounts.ts';

const linphonerc = `# How our phones sound.
[sip]
media_encryption=srtp
[ui]
theme=dark
motd=it's "us"; 100 % né
`;

const space = {
  domain: branch,
  host: 'phones.branch.example.test',
  name: 'The "branch"',
  registrar: 'sip:pbx.branch.example.test:5061;transport=tls',
  realm: 'branch realm',
  algorithms: ['SHA-256', 'MD5'],
  linphonerc,
  seeded: ['ui/*', 'sip/media_encryption'],
  refetch: 'every-start',
  retry_window: 30,
  token_lifetime: '0',
  depend_on_external: true,
  bind_keys_to_address: true,
  username_pattern: '^[a-z]{3,20}$',
  password_min_length: 6,
  max_accounts: 50,
  max_devices: 4,
  turn_server: 'turn:turn.branch.example.test:3478?transport=udp',
  turn_secret: "coturn's secret",
  turn_lifetime: '12h',
  turn_realm: 'turn.branch.example.test',
  turn_in_document: true,
};

/** Adds a second space with its own administrator. Its phones fetch their settings at each start. */
export async function useDevices(office: Office): Promise<void> {
  await office.byNamedKey('POST', '/api/spaces', space);
  const manage = await addAdministrator(office);
  await useKey(office, manage);
  await useAddress(office, manage);
  await loseDevices(office, manage);
}

async function addAdministrator({ url, byNamedKey, secrets }: Office): Promise<ApiClient> {
  const fields = { username: 'boss', password: 'springsteen', domain: branch, admin: true, activated: true };
  const { id, account } = withCode(await byNamedKey('POST', '/api/accounts', fields));
  const name = 'command line; it\'s "me"';
  const { api_key: secret } = await byNamedKey('POST', `/api/accounts/${id}/api_keys`, { name, expires: '30d' });
  secrets.passwords.push({ account, secret: fields.password });
  secrets.keys.account.push({ account, secret });
  secrets.turnSecrets.push({ account, secret: space.turn_secret });
  return apiWith(url, secret);
}

/** Lets a phone fetch its settings by its key, while a code waits for a second phone. */
async function useKey(office: Office, manage: ApiClient): Promise<void> {
  const { url, secrets } = office;
  const rupert = await addAccount(manage, 'rupert');
  const key = await provisionNewPhone(office, rupert.code);
  for (let start = 0; start < 2; start += 1) {
    await get(`${url}/provisioning/me`, { ...newPhone, 'x-device-key': key });
  }
  secrets.passwords.push({ account: rupert.account, secret: 'password of rupert' });
  secrets.deviceKeys.working.push({ account: rupert.account, secret: key });
  secrets.codes.open.push(await issueCode(manage, rupert));
}

/** Lets an older phone fetch its settings by Digest, at an address of its own. Its owner revokes a second phone. */
async function useAddress(office: Office, manage: ApiClient): Promise<void> {
  const { url, secrets } = office;
  const sybil = await addAccount(manage, 'sybil');
  const { account } = sybil;
  const password = 'password of sybil';
  const answer = await get(provisioningUrl(office, sybil.code), oldPhone);
  const { pathname, search } = new URL(valueIn(answer.body, 'misc', 'config-uri'));
  await getByDigest(`${url}${pathname}${search}`, account, password);
  await provisionNewPhone(office, await issueCode(manage, sybil));
  const key = await userKey(url, account, password);
  const own = apiWith(url, key);
  const [, second] = await own('GET', '/api/accounts/me/devices');
  await own('DELETE', `/api/accounts/me/devices/${second.id}`);
  secrets.passwords.push({ account, secret: password });
  secrets.devicePaths.push({ account, secret: `${pathname}${search}` });
  secrets.keys.user.push({ account, secret: key });
}

/** Revokes two devices: one was told and asked once more, the other has not asked since. */
async function loseDevices(office: Office, manage: ApiClient): Promise<void> {
  const trent = await addAccount(manage, 'trent');
  const told = await provisionNewPhone(office, trent.code);
  const untold = await provisionNewPhone(office, await issueCode(manage, trent));
  const [first, second] = await manage('GET', `/api/accounts/${trent.id}/devices`);
  await manage('DELETE', `/api/accounts/${trent.id}/devices/${first.id}`);
  for (let time = 0; time < 2; time += 1) {
    await get(`${office.url}/provisioning/me`, { ...newPhone, 'x-device-key': told });
  }
  await office.ringup.command(['device', 'revoke', trent.account, String(second.id)]);
  office.secrets.deviceKeys.revoked.push({ account: trent.account, secret: untold });
}

async function addAccount(manage: ApiClient, username: string): Promise<NewAccount> {
  return withCode(await manage('POST', '/api/accounts', { username, password: `password of ${username}` }));
}

async function issueCode(manage: ApiClient, { id }: NewAccount): Promise<Secret> {
  return withCode(await manage('POST', `/api/accounts/${id}/provision`)).code;
}

/** Redeems a code, and returns the device key that the phone receives. */
async function provisionNewPhone(office: Office, code: Secret): Promise<string> {
  const { body } = await get(provisioningUrl(office, code), newPhone);
  return valueIn(body, 'misc', 'config-uri-header_0').replace('x-device-key: ', '');
}

function valueIn(document: string, section: string, entry: string): string {
  const value = parseDocument(document).get(section)?.get(entry)?.value;
  if (value === undefined) throw new Error(`there is no ${section}/${entry} in ${document}`);
  return value;
}
