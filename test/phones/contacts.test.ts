import assert from 'node:assert/strict';
import { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, mock, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { getRequest, openConnection } from '../support/raw-request.ts';
import { parseVcards } from '../support/strict-vcard.ts';

forEachDatabase('the address book that a phone fetches', (makeUrl) => {
  let t: TestApp;
  let key: string;
  before(async () => {
    t = await openTestApp(await makeUrl());
    const { id } = await t.makeAccount({ username: 'alice', activated: true });
    await t.server.listen({ host: '127.0.0.1', port: 0 });
    key = (await t.api('POST', `/api/accounts/${id}/api_keys`, {})).json.api_key;
  });
  after(() => t.close());

  const fetched = (method: 'GET' | 'HEAD' = 'GET') =>
    t.server.inject({ method, url: '/contacts/vcard', headers: { 'x-api-key': key } });
  const namesIn = (bytes: Buffer) => parseVcards(bytes).map(({ fullName }) => fullName.slice(0, 20));

  async function addOutsideContacts(count: number): Promise<void> {
    const row = { space_id: t.app.spaces.first.id, name: 'Taxi', sip_uri: null, phone: '+33472000000' };
    const rows = Array.from({ length: count }, () => ({ ...row, organization: null, created_at: 0, updated_at: 0 }));
    for (let at = 0; at < count; at += 1_000) {
      await t.app.database
        .insertInto('outside_contacts')
        .values(rows.slice(at, at + 1_000))
        .execute();
    }
    const last = { name: 'the last', sip_uri: 'sip:last@example.com' };
    assert.equal((await t.api('POST', '/api/spaces/sip.example.test/outside_contacts', last)).status, 200);
  }

  /** Returns in which turn of the event loop each page of the contacts from outside was read during `work`. */
  async function turnsOfReads(work: () => Promise<unknown>): Promise<number[]> {
    const turns: number[] = [];
    let turn = 0;
    let next = setImmediate(function count() {
      turn += 1;
      next = setImmediate(count);
    });
    const selectFrom = t.app.database.selectFrom.bind(t.app.database);
    const mocked = mock.method(t.app.database, 'selectFrom', (table: 'outside_contacts') => {
      if (table === 'outside_contacts') turns.push(turn);
      return selectFrom(table);
    });
    await work();
    mocked.mock.restore();
    clearImmediate(next);
    return turns;
  }

  test('is read page by page, so that others are served between two pages of many contacts from outside', async () => {
    await addOutsideContacts(2_500);
    const turns = await turnsOfReads(fetched);
    assert.ok(turns.length > 2, `${turns.length} pages`);
    assert.equal(new Set(turns).size, turns.length, `in the turns ${turns}`);
    assert.equal(namesIn((await fetched()).rawPayload).length, 2_501);
  });

  test('shares its contacts from outside with all phones of the space until one changes', async () => {
    assert.deepEqual(await turnsOfReads(fetched), [], 'the test before has fetched it');
    await addOutsideContacts(0);
    const turns = await turnsOfReads(() => Promise.all([fetched(), fetched(), fetched()]));
    const alone = await turnsOfReads(async () => {
      await addOutsideContacts(0);
      await fetched();
    });
    assert.equal(turns.length, alone.length);
    assert.equal(namesIn((await fetched()).rawPayload).length, 2_503);
  });

  test('has the same head for HEAD, whether it is large or small', async () => {
    for (const isLarge of [true, false]) {
      if (!isLarge) await t.app.database.deleteFrom('outside_contacts').execute();
      if (!isLarge) await addOutsideContacts(0);
      const { date: _, ...headers } = (await fetched()).headers;
      const { date: __, ...ofHead } = (await fetched('HEAD')).headers;
      assert.deepEqual(ofHead, headers);
      assert.equal(headers['content-type'], 'text/vcard; charset=utf-8');
      assert.equal(Number(headers['content-length']) > 100_000, isLarge);
    }
  });

  for (const directory of ['chosen', 'everyone'] as const) {
    test(`is in memory once for all the phones that fetch it, if it is for ${directory}`, async () => {
      await addOutsideContacts(1_000);
      await t.setSpace({ directory });
      const { port } = t.server.server.address() as AddressInfo;
      const memory = new Set<ArrayBufferLike>();
      const note = (chunk: unknown) => Buffer.isBuffer(chunk) && chunk.length > 65_536 && memory.add(chunk.buffer);
      const { write, end } = ServerResponse.prototype;
      mock.method(ServerResponse.prototype, 'write', function (this: ServerResponse, ...given: Parameters<typeof end>) {
        note(given[0]);
        return Reflect.apply(write, this, given);
      });
      mock.method(ServerResponse.prototype, 'end', function (this: ServerResponse, ...given: Parameters<typeof end>) {
        note(given[0]);
        return Reflect.apply(end, this, given);
      });
      const fetches = Array.from({ length: 5 }, async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/contacts/vcard`, { headers: { 'x-api-key': key } });
        return namesIn(Buffer.from(await answer.arrayBuffer())).length;
      });
      const lengths = await Promise.all(fetches);
      mock.restoreAll();
      assert.ok(
        lengths.every((length) => length > 1_000 && length === lengths[0]),
        `${lengths}`,
      );
      assert.equal(memory.size, 1, 'pieces of memory');
    });
  }

  test('may be broken off by a phone without a line of an error in the log', async () => {
    const { port } = t.server.server.address() as AddressInfo;
    const phone = await openConnection(port);
    phone.send(getRequest('/contacts/vcard', { 'x-api-key': key }));
    await phone.until('BEGIN:VCARD');
    phone.reset();
    assert.equal((await fetched()).statusCode, 200);
    assert.doesNotMatch(t.logged(), /"level":"(?:warn|error)"/);
  });
});
