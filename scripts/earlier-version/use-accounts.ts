import { apiWith } from '../../test/support/api-client.ts';
import { headquarters, type NewAccount, type Office, provisioningUrl, withCode } from './office.ts';
import { get, getByDigest } from './phone.ts';

/** Creates accounts of every kind and state, and uses them as their owners do. */
export async function useAccounts(office: Office): Promise<void> {
  await office.ringup.command(['space', 'set', headquarters, 'name=Headquarters', 'token_lifetime=30d']);
  const alice = await addAlice(office);
  const bob = await addBob(office);
  const carol = await addCarol(office);
  await useOwnAccount(office, carol);
  await signInByCode(office, carol);
  await deleteOwnAccount(office);
  await leaveAndReturn(office);
  await linkExternalAccount(office);
  await office.byNamedKey('POST', `/api/accounts/${alice.id}/contacts/${bob.id}`);
  await office.ringup.command(['contact', 'add', alice.account, carol.account]);
  await office.ringup.command(['contact', 'add', bob.account, alice.account]);
}

/** Adds an account with every field, and then changes one of them. */
async function addAlice({ byNamedKey, byUnnamedKey, secrets }: Office): Promise<NewAccount> {
  const alice = withCode(
    await byNamedKey('POST', '/api/accounts', {
      username: 'alice',
      password: 'wonderland',
      display_name: 'Alice',
      email: 'alice@example.test',
      phone: '+33601020304',
      activated: true,
      dtmf_protocol: 'rfc2833',
    }),
  );
  await byUnnamedKey('PUT', `/api/accounts/${alice.id}`, { display_name: 'Alice "Al" Müller' });
  secrets.passwords.push({ account: alice.account, secret: 'wonderland' });
  secrets.codes.open.push(alice.code);
  return alice;
}

/** Adds an account by a command. Its code never expires. */
async function addBob({ ringup, secrets }: Office): Promise<NewAccount> {
  const words = `account add bob@${headquarters} --password-stdin --display-name Bob --expires 0`.split(' ');
  const bob = withCode(await ringup.command(words, 'builder'));
  secrets.codes.open.push(bob.code);
  return bob;
}

/** Adds an account that has MD5 alone. */
async function addCarol({ byUnnamedKey, secrets }: Office): Promise<NewAccount> {
  const fields = { username: 'carol', algorithm: 'MD5', activated: true };
  const carol = withCode(await byUnnamedKey('POST', '/api/accounts', { ...fields, password: 'christmas' }));
  secrets.passwords.push({ account: carol.account, secret: 'carousel' });
  return carol;
}

/** Sets a new password and issues a code as Carol, with a key of her own. */
async function useOwnAccount({ url, secrets }: Office, { account }: NewAccount): Promise<void> {
  const own = apiWith(url, await userKey(url, account, 'christmas'));
  await own('POST', '/api/accounts/me/password', { old_password: 'christmas', password: 'carousel' });
  // The new password may have ended that key.
  const secret = await userKey(url, account, 'carousel');
  secrets.keys.user.push({ account, secret });
  secrets.codes.open.push(withCode(await apiWith(url, secret)('POST', '/api/accounts/me/provision')).code);
}

/** Creates three auth tokens: one is exchanged for a key, one is only attached, and one is left alone. */
async function signInByCode({ url, byNamedKey, secrets }: Office, { account }: NewAccount): Promise<void> {
  const own = apiWith(url, await userKey(url, account, 'carousel'));
  const issue = async (): Promise<string> => (await byNamedKey('POST', '/api/accounts/auth_token')).token;
  const [redeemed, attached] = [await issue(), await issue(), await issue()];
  for (const token of [redeemed, attached]) await own('GET', `/api/accounts/auth_token/${token}/attach`);
  secrets.keys.user.push({ account, secret: (await get(`${url}/api/accounts/me/api_key/${redeemed}`)).body });
  secrets.authTokens.push({ account, secret: attached });
}

async function deleteOwnAccount({ url, byNamedKey }: Office): Promise<void> {
  const fields = { username: 'ivan', password: 'terrible', activated: true };
  const { account } = withCode(await byNamedKey('POST', '/api/accounts', fields));
  await apiWith(url, await userKey(url, account, fields.password))('DELETE', '/api/accounts/me');
}

/** Creates four accounts: blocked, unblocked, deactivated and deleted. */
async function leaveAndReturn(office: Office): Promise<void> {
  const { ringup, byNamedKey, byUnnamedKey, secrets } = office;
  const add = async (username: string) =>
    withCode(await byNamedKey('POST', '/api/accounts', { username, password: `${username}'s` }));
  const dave = await add('dave');
  await byNamedKey('POST', `/api/accounts/${dave.id}/activate`);
  await byUnnamedKey('POST', `/api/accounts/${dave.id}/block`);
  await get(provisioningUrl(office, dave.code));
  secrets.codes.ended.push(dave.code);

  const frank = await add('frank');
  for (const change of ['block', 'unblock', 'activate']) await ringup.command(['account', change, frank.account]);
  await ringup.command(['account', 'password', frank.account, '--password-stdin'], "frank's new");
  secrets.passwords.push({ account: frank.account, secret: "frank's new" });

  const erin = await add('erin');
  for (const change of ['activate', 'deactivate']) await ringup.command(['account', change, erin.account]);
  await ringup.command(['account', 'delete', (await add('heidi')).account]);
}

async function linkExternalAccount({ byNamedKey, secrets }: Office): Promise<void> {
  const grace = withCode(await byNamedKey('POST', '/api/accounts', { username: 'grace', password: 'hopper' }));
  const external = { username: '4420', domain: 'provider.example.test', realm: 'provider', password: 'trunk' };
  await byNamedKey('POST', `/api/accounts/${grace.id}/external`, {
    ...external,
    registrar: 'sip:edge.provider.example.test:5080',
    outbound_proxy: 'proxy.provider.example.test',
    protocol: 'TCP',
  });
  const { account } = grace;
  secrets.codes.open.push(grace.code);
  const { username, realm, password: secret } = external;
  secrets.externalPasswords.push({ account, username, realm, secret });
}

/** Returns an API key that a user fetches with their own password. */
export async function userKey(url: string, account: string, password: string): Promise<string> {
  return (await getByDigest(`${url}/api/accounts/me/api_key`, account, password)).body;
}
