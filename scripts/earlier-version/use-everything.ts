import { type ApiClient, apiClient, apiWith } from '../../test/support/api-client.ts';
import type { Secrets } from '../../test/support/earlier-versions.ts';
import { headquarters, noSecrets, type Office } from './office.ts';
import { get } from './phone.ts';
import type { Ringup } from './ringup.ts';
import { useAccounts } from './use-accounts.ts';
import { useCodes } from './use-codes.ts';
import { useDevices } from './use-devices.ts';

/** Uses a new database as administrators, phones and strangers do, then stops the server. */
export async function useEverything(ringup: Ringup): Promise<{ secrets: Secrets; api: ApiClient }> {
  const secrets = noSecrets();
  await startAndBeKilled(ringup, secrets);
  const serving = await ringup.serve();
  const office = await openOffice(ringup, serving.url, secrets);
  await useAccounts(office);
  await useCodes(office);
  await useDevices(office);
  await serving.stop();
  return { secrets, api: office.byNamedKey };
}

/** Creates the first administrator by the setup link. Then kills the server while it answers a phone. */
async function startAndBeKilled(ringup: Ringup, secrets: Secrets): Promise<void> {
  const serving = await ringup.serve();
  await apiClient(serving);
  const account = `peggy@${headquarters}`;
  const { provisioning_token: secret } = await ringup.command(['account', 'add', account]);
  await get(`${serving.url}/provisioning/${secret}`);
  await serving.kill();
  secrets.codes.repeatable.push({ account, secret });
}

async function openOffice(ringup: Ringup, url: string, secrets: Secrets): Promise<Office> {
  const account = `admin@${headquarters}`;
  const named = (await ringup.command(['api-key', 'create', account, '--name', 'fleet'])).api_key;
  const unnamed = (await ringup.command(['api-key', 'create', account, '--expires', '90d'])).api_key;
  secrets.passwords.push({ account, secret: 'administrator' });
  secrets.keys.account.push({ account, secret: named }, { account, secret: unnamed });
  return { ringup, url, secrets, byNamedKey: apiWith(url, named), byUnnamedKey: apiWith(url, unnamed) };
}
