import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { importColumns } from '../../src/importing/column-names.ts';
import { computeHa1 } from '../../src/sip/ha1.ts';
import { openTestApp, type TestApp, testDomain } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { Json } from '../support/json.ts';

const stored = {
  username: 'ida.b',
  display_name: 'Idá Brun',
  email: 'Ida.Brun@X.example',
  phone: '+33601020304',
  language: 'fr',
  note: 'desk on the second floor',
  group: 'Sales',
  password: 'long enough',
  activated: true,
  admin: false,
};
const external = {
  username: 'Ext\u200b1',
  domain: 'PBX.Example.com',
  password: 'outside',
  realm: 'Realm',
  registrar: 'sip:Reg.Example.com:5061',
};
const md5 = computeHa1('MD5', stored.username, testDomain, stored.password);
const sha256 = computeHa1('SHA-256', stored.username, testDomain, stored.password);

/** What says the same as the account has: as it is stored, and in other spellings. */
const spellings: Readonly<Record<(typeof importColumns)[number], readonly string[]>> = {
  username: ['ida.b', 'Ida.B', 'ida.b@sip.example.test', ' ida.b\u00a0', 'IDA.B\u200b'],
  name: ['Idá Brun', '"Brun, Idá"', ' Idá   Brun ', 'Ida\u0301 Brun'],
  first_name: ['Idá'],
  last_name: ['Brun'],
  email: [
    'Ida.Brun@X.example',
    'ida.brun@x.example',
    'IDA.BRUN@X.EXAMPLE',
    'mailto:ida.brun@x.example',
    ' ida.brun@x.example',
  ],
  phone: ['+33601020304', '06 01 02 03 04', '+33 (0)6 01 02 03 04', '0033601020304', 'tel:+33-6-01-02-03-04'],
  language: ['fr', 'FR', 'fr_FR', 'fr-CA', 'Fr_fr.UTF-8'],
  note: ['desk on the second floor', ' desk on the second floor\u00a0'],
  group: ['Sales', '\u200bSales '],
  password: ['long enough', ' long enough '],
  algorithm: ['SHA-256', 'sha-256', 'SHA256'],
  ha1_md5: [md5, md5.toUpperCase()],
  ha1_sha256: [sha256, sha256.toUpperCase()],
  admin: ['no', 'FALSE', '0', 'non', 'Nein'],
  activated: ['yes', 'TRUE', '1', 'Oui', 'ja'],
  external_username: ['Ext\u200b1', 'Ext1', ' Ext1 '],
  external_domain: ['pbx.example.com', 'PBX.Example.com', ' PBX.EXAMPLE.COM'],
  external_password: ['outside', ' outside '],
  external_registrar: [
    'sip:Reg.Example.com:5061',
    'sip:reg.example.com:5061',
    'REG.example.com:5061',
    'SIP:reg.example.com:5061',
  ],
};
/** Columns that mean nothing alone, and what stands beside them. */
const beside: Readonly<Record<string, string>> = { first_name: 'last_name', last_name: 'first_name' };

forEachDatabase('a row with the values of its account', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.setSpace({ phone_country: 'FR', algorithms: ['SHA-256', 'MD5'] });
    const { json } = await t.api('POST', '/api/accounts', stored);
    assert.equal((await t.api('POST', `/api/accounts/${json.id}/external`, external)).status, 201);
    const single = { ...stored, username: 'one', email: null, phone: null, algorithm: 'SHA-256' };
    assert.equal((await t.api('POST', '/api/accounts', single)).status, 200);
  });
  after(() => t.close());

  const send = async (query: string, payload: string): Promise<Json> => {
    const headers = { 'x-api-key': t.adminKey, 'content-type': 'text/csv' };
    const url = `/api/accounts/import${query}`;
    return (await t.server.inject({ method: 'POST', url, headers, payload })).json();
  };
  const fileWith = (column: (typeof importColumns)[number], spelling: string): string => {
    // Without a column for mail, a user name that is an address is one.
    if (column === 'username') return `username,email\n${spelling},${stored.email}\n`;
    // Only one who has a single algorithm can say so without a password.
    if (column === 'algorithm') return `username,algorithm\none,${spelling}\n`;
    const other = beside[column];
    const more = other === undefined ? ['', ''] : [`,${other}`, `,${spellings[other as typeof column][0]}`];
    return `username,${column}${more[0]}\n${stored.username},${spelling}${more[1]}\n`;
  };

  for (const column of importColumns) {
    test(`is unchanged in every mode, however its ${column} is spelled`, async () => {
      for (const spelling of spellings[column]) {
        for (const mode of ['refuse', 'skip', 'update']) {
          const { problems, unchanged } = await send(`?on_duplicate=${mode}`, fileWith(column, spelling));
          assert.deepEqual([problems, unchanged], [[], 1], `${mode}: ${JSON.stringify(spelling)}`);
        }
      }
    });
  }

  test('is unchanged if it names the domain as the registrar of an account that has none', async () => {
    const { id, username } = await t.makeAccount();
    const { realm: _, registrar: __, ...rest } = external;
    assert.equal((await t.api('POST', `/api/accounts/${id}/external`, rest)).status, 201);
    for (const registrar of ['pbx.example.com', 'sip:PBX.example.com']) {
      const { unchanged, problems } = await send('', `username,external_registrar\n${username},${registrar}\n`);
      assert.deepEqual([problems, unchanged], [[], 1], registrar);
    }
  });
});
