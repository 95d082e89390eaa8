import type { Secret } from '../../test/support/earlier-versions.ts';
import type { Json } from '../../test/support/json.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { type NewAccount, type Office, provisioningUrl, withCode } from './office.ts';
import { get, getAndVanish, newPhone, oldPhone } from './phone.ts';

const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', accept: 'text/html' };
const scanner = { 'user-agent': 'WhatsApp/2.24.1 A' };
const patienceMs = 20_000;

/** Issues codes that end in every possible way, and one that is only shown. */
export async function useCodes(office: Office): Promise<void> {
  await useUp(office);
  await revoke(office);
  await expire(office);
  await loseTheAnswer(office);
  const [code] = office.secrets.codes.open;
  if (code !== undefined) await show(office, code);
}

async function addAccount({ byNamedKey }: Office, username: string): Promise<NewAccount> {
  return withCode(await byNamedKey('POST', '/api/accounts', { username, password: `${username}'s` }));
}

/** Uses one code and then requests it again. Replaces another with a newer code, which sets a new password. */
async function useUp(office: Office): Promise<void> {
  const judy = await addAccount(office, 'judy');
  await get(provisioningUrl(office, judy.code), newPhone);
  for (let time = 0; time < 3; time += 1) await get(provisioningUrl(office, judy.code), newPhone);
  const kevin = await addAccount(office, 'kevin');
  const again = await office.ringup.command(['token', 'issue', kevin.account, '--expires', '2d']);
  const newer = { account: kevin.account, secret: again.provisioning_token };
  await get(provisioningUrl(office, kevin.code));
  await get(`${provisioningUrl(office, newer)}?reset_password`);
  office.secrets.codes.ended.push(judy.code, kevin.code, newer);
}

async function revoke(office: Office): Promise<void> {
  const mallory = await addAccount(office, 'mallory');
  const [token] = await tokensOf(office, mallory);
  await office.byUnnamedKey('PUT', `/api/accounts/${mallory.id}/tokens/${token.id}`, { lifetime: '12h' });
  await office.byUnnamedKey('DELETE', `/api/accounts/${mallory.id}/tokens/${token.id}`);
  const niaj = await addAccount(office, 'niaj');
  await office.ringup.command(['token', 'revoke', niaj.account]);
  for (const { code } of [mallory, niaj]) await get(provisioningUrl(office, code));
  office.secrets.codes.ended.push(mallory.code, niaj.code);
}

async function expire(office: Office): Promise<void> {
  const oscar = await addAccount(office, 'oscar');
  const [token] = await tokensOf(office, oscar);
  const soon = new Date(Date.now() + 500).toISOString();
  await office.byNamedKey('PUT', `/api/accounts/${oscar.id}/tokens/${token.id}`, { expires_at: soon });
  await untilTokenIs(office, oscar, 'expired');
  await get(provisioningUrl(office, oscar.code));
  office.secrets.codes.ended.push(oscar.code);
}

async function loseTheAnswer(office: Office): Promise<void> {
  const olivia = await addAccount(office, 'olivia');
  await getAndVanish(provisioningUrl(office, olivia.code));
  await untilTokenIs(office, olivia, 'lost');
  office.secrets.codes.repeatable.push(olivia.code);
}

/** Opens a code in a browser, a scanner, a prefetch and as a picture. None of them uses up the code. */
async function show(office: Office, code: Secret): Promise<void> {
  await get(provisioningUrl(office, code), browser);
  await get(provisioningUrl(office, code), scanner);
  await get(provisioningUrl(office, code), { ...oldPhone, purpose: 'prefetch' });
  await get(`${office.url}/provisioning/qrcode/${code.secret}`, browser);
}

async function untilTokenIs(office: Office, owner: NewAccount, state: string): Promise<void> {
  const isSo = async () => (await tokensOf(office, owner))[0].state === state;
  if (!(await waitUntil(isSo, patienceMs))) throw new Error(`the code of ${owner.account} is not ${state}`);
}

function tokensOf({ byNamedKey }: Office, { id }: NewAccount): Promise<Json> {
  return byNamedKey('GET', `/api/accounts/${id}/tokens`);
}
