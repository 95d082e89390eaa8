import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { apiClient } from '../support/api-client.ts';
import { openTestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { requirePrograms } from '../support/debian.ts';
import type { Linphone } from '../support/linphone.ts';
import { type Phone, phones } from '../support/phones.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const counter = fileURLToPath(new URL('../support/count-friends.py', import.meta.url));
/** `linphone-cli` brings the library along that the phone itself reads contacts with. */
const needed = { linphonec: 'linphone-cli', python3: 'python3' };
const names = ['Zoë, "the" one', 'a\\b', 'semi; colon', '😀'.repeat(30), 'ابن سينا', '  ', 'BEGIN:VCARD'];

/** What Linphone's own library makes of the cards: how many contacts, and each with its address and number. */
function friendsIn(cards: Buffer): { count: number; contacts: readonly (readonly string[])[] } {
  const file = join(tempDirectory(), 'contacts.vcf');
  writeFileSync(file, cards);
  const said = execFileSync('python3', [counter, file], { encoding: 'utf8' });
  const [count = '', ...lines] = said
    .trimEnd()
    .split('\n')
    .slice(
      said
        .trimEnd()
        .split('\n')
        .findIndex((line) => /^\d+$/.test(line)),
    );
  return { count: Number(count), contacts: lines.map((line) => line.split('\t')) };
}

forEachDatabase("a company's address book", (makeUrl) => {
  test('gives Linphone every account except the reader, with phone numbers, whatever the names are', async (t) => {
    if (!requirePrograms(t, needed)) return;
    const app = await openTestApp(await makeUrl());
    await app.setSpace({ directory: 'everyone' });
    const reader = await app.makeAccount({ username: 'reader', activated: true });
    for (const [index, display_name] of names.entries())
      await app.makeAccount({
        username: `strange${index}`,
        display_name: display_name.trim() === '' ? null : display_name,
      });
    for (let count = 0; count < 200; count += 1)
      await app.makeAccount({ username: `plain${count}`, phone: `+3360102${1000 + count}` });
    const outside = { name: 'Taxi, day and night', phone: '+33472000000', organization: 'Taxi, Sons; \\' };
    await app.api('POST', '/api/spaces/sip.example.test/outside_contacts', outside);
    const key = (await app.api('POST', `/api/accounts/${reader.id}/api_keys`, {})).json.api_key;
    const { rawPayload } = await app.server.inject({ url: '/contacts/vcard', headers: { 'x-api-key': key } });
    const { count, contacts } = friendsIn(rawPayload);
    // The administrator of the test is one of them.
    assert.equal(count, 1 + names.length + 200 + 1);
    assert.ok(!contacts.some(([, address]) => address === 'sip:reader@sip.example.test'));
    assert.equal(contacts.find(([, address]) => address === 'sip:plain0@sip.example.test')?.[2], '+33601021000');
    assert.ok(contacts.some(([, address, phone]) => address === '-' && phone === '+33472000000'));
    await app.close();
  });
});

for (const phone of phones) {
  test(`a ${phone.name} fetches the address book by itself, at each start`, (t) => fetchesByItself(t, phone));
}

/** The phone gets nothing but its code: where the contacts are, and how to sign in for them, is in its document. */
async function fetchesByItself(t: TestContext, phone: Phone): Promise<void> {
  if (!requirePrograms(t, phone.programs)) return;
  const serving = await startServe({ RINGUP_DATA_DIR: tempDirectory() });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  await api('PUT', '/api/spaces/sip.example.test', { directory: 'everyone' });
  const people: { id: number }[] = [];
  for (const [index, name] of names.entries()) {
    const display_name = name.trim() === '' ? null : name;
    people.push(await api('POST', '/api/accounts', { username: `person${index}`, password: 'first', display_name }));
  }
  await api('POST', '/api/spaces/sip.example.test/outside_contacts', { name: 'Taxi', phone: '+33472000000' });
  const reader = await api('POST', '/api/accounts', { username: 'reader', password: 'first' });
  const { provisioning_url: url } = await api('POST', `/api/accounts/${reader.id}/provision`);
  // The administrator is one of them.
  const all = 1 + people.length + 1;
  const first = await phone.start({ url });
  t.after(() => first.quit());
  await hasFetched(first, phone, all);
  await first.quit();
  await api('POST', `/api/accounts/${people[0]?.id}/block`);
  const second = await phone.start({ directory: first.directory });
  t.after(() => second.quit());
  await hasFetched(second, phone, all - 1);
}

/**
 * 5.3 says how many contacts it has now. 5.1 keeps none that one could see: it gets all cards and complains about none.
 */
async function hasFetched(linphone: Linphone, { version }: Phone, count: number): Promise<void> {
  if (version.startsWith('5.3')) {
    await linphone.waitForLog(/imported \[\d+\] friends/);
    assert.match(linphone.log(), new RegExp(`Successfully downloaded and imported \\[${count}\\] friends`));
  } else {
    await waitUntil(() => cardsIn(linphone) >= count);
    assert.equal(cardsIn(linphone), count);
  }
  assert.match(
    linphone.log(),
    /GET \/contacts\/vcard HTTP\/1\.1[\s\S]*?Authorization: +Digest[^\n]* username="reader"/,
  );
  assert.doesNotMatch(linphone.log(), /Parsing ended prematur/);
}

/** The log shows what the phone reads piece by piece, and a piece may end within one of the two lines. */
function cardsIn(linphone: Linphone): number {
  const log = linphone.log();
  return Math.max(...[/^BEGIN:VCARD/gm, /^END:VCARD/gm].map((line) => log.match(line)?.length ?? 0));
}
