import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { turnCredentials } from '../../src/sip/turn-server.ts';
import { apiClient } from '../support/api-client.ts';
import { coturnPrograms, refusesPeer, relays, startCoturn } from '../support/coturn.ts';
import { requirePrograms } from '../support/debian.ts';
import { registrarPrograms } from '../support/kamailio.ts';
import type { LinphoneOptions } from '../support/linphone.ts';
import { type Phone, phones } from '../support/phones.ts';
import { startServe } from '../support/serve.ts';
import { servePhones } from '../support/serve-phones.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const domain = 'sip.example.test';
const address = `alice@${domain}`;
const secret = 'what coturn and Ringup share';

test('a real coturn relays by UDP and TCP with credentials of Ringup, and refuses others', async (t) => {
  if (!requirePrograms(t, coturnPrograms)) return;
  const coturn = await startCoturn({ secret, realm: domain });
  t.after(() => coturn.stop());
  const serving = await startServe({ RINGUP_DATA_DIR: tempDirectory() });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  await api('PUT', `/api/spaces/${domain}`, { turn_server: `127.0.0.1:${coturn.port}`, turn_secret: secret });
  const { username, password, uris } = await api('GET', '/api/accounts/me/services/turn');
  assert.equal(uris[0], `turn:127.0.0.1:${coturn.port}?transport=udp`);
  const inAnHour = Date.now() + 3_600_000;
  const [udp, tcp, expired, otherSecret, otherUser] = await Promise.all([
    relays(coturn.port, { username, password }),
    relays(coturn.port, { username, password }, 'tcp'),
    relays(coturn.port, turnCredentials(secret, 'alice', Date.now() - 5_000)),
    relays(coturn.port, turnCredentials('what nobody shares', 'alice', inAnHour)),
    relays(coturn.port, { username: `${username}x`, password }),
  ]);
  assert.deepEqual(
    { udp, tcp, expired, otherSecret, otherUser },
    { udp: true, tcp: true, expired: false, otherSecret: false, otherUser: false },
    coturn.log(),
  );
});

/** The first and the last of each range, and neighbours that are public. */
const peers = {
  refused: `
    127.0.0.1 0.0.0.1 10.0.0.1 10.255.255.254 100.64.0.1 100.127.255.254 169.254.0.1 169.254.169.254 169.254.255.254
    172.16.0.1 172.31.255.254 192.0.0.1 192.168.0.1 192.168.255.254 198.18.0.1 198.19.255.254 240.0.0.1
    :: ::1 fc00::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:fffe fe80::1 febf:ffff:ffff:ffff:ffff:ffff:ffff:fffe fec0::1 feff:ffff::1
    ff02::1 ff0e::1 ::a00:1 ::7f00:1 ::ffff:0:a00:1 ::ffff:0:ffff:fffe
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1 2002:a9fe:a9fe::1
  `,
  relayed:
    '9.255.255.255 100.63.255.255 100.128.0.1 169.253.255.255 169.255.0.1 172.32.0.1 2001:db8::1 fbff::1 fe7f::1 2001:0:1::1 2003::1',
};

test('a real coturn set up by the recipe relays to public addresses only', async (t) => {
  if (!requirePrograms(t, coturnPrograms)) return;
  const coturn = await startCoturn({ secret, realm: domain, ownMachine: 'refused' });
  t.after(() => coturn.stop());
  const user = turnCredentials(secret, 'alice', Date.now() + 3_600_000);
  const asked = Object.entries(peers).flatMap(([fate, list]) => (list.match(/\S+/g) ?? []).map((peer) => [peer, fate]));
  const seen = await Promise.all(
    asked.map(async ([peer = '']) => [peer, (await refusesPeer(coturn.port, user, peer)) ? 'refused' : 'relayed']),
  );
  assert.deepEqual(seen, asked, coturn.log());
});

for (const phone of phones) {
  test(`a real ${phone.name} registers, gets a relayed address for its call, and new credentials at its next start`, (t) =>
    relaysItsCalls(t, phone));
}

async function relaysItsCalls(t: TestContext, { programs, start: startPhone }: Phone): Promise<void> {
  if (!requirePrograms(t, { ...programs, ...registrarPrograms, ...coturnPrograms })) return;
  const realm = 'turn.example.test';
  const coturn = await startCoturn({ secret, realm });
  t.after(() => coturn.stop());
  const { serving, api, registrarOf, settings, start } = await servePhones(t, startPhone);
  await settings(await registrarOf('SHA-256'), {
    turn_server: `127.0.0.1:${coturn.port}`,
    turn_secret: secret,
    turn_realm: realm,
    turn_in_document: true,
  });
  const account = await api('POST', '/api/accounts', { username: 'alice', password: 'secret' });
  const usedBy = async (options: LinphoneOptions) => {
    const phone = await start(options);
    await phone.waitRegistered(address);
    const before = allocated(coturn.log()).length;
    phone.type(`call sip:bob@${domain}`);
    await waitUntil(() => allocated(coturn.log()).length > before);
    await phone.quit();
    const username = allocated(coturn.log())[before];
    assert.ok(username !== undefined, coturn.log());
    assert.match(phone.rc(), new RegExp(`^stun_server_username=${username}$`, 'm'));
    assert.match(phone.rc(), /^\[auth_info_1\]$/m);
    assert.doesNotMatch(phone.rc(), /^\[auth_info_2\]$/m, 'credentials that ended are left behind');
    return { directory: phone.directory, endsAt: Number.parseInt(username, 10) };
  };
  const first = await usedBy({ url: `${serving.url}/provisioning/${account.provisioning_token}` });
  await api('PUT', `/api/spaces/${domain}`, { turn_lifetime: '4d' });
  const second = await usedBy({ directory: first.directory });
  assert.ok(second.endsAt - first.endsAt >= 86_400);
}

/** For whom, in order. */
function allocated(log: string): string[] {
  const lines = log.matchAll(/user <(\d+:alice)>: incoming packet ALLOCATE processed, success/g);
  return [...lines].map(([, username = '']) => username);
}
