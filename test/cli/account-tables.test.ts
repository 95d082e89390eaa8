import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { batchRows, type ImportContext, leaseMs } from '../../src/importing/import-context.ts';
import { getImport } from '../../src/importing/look-at-import.ts';
import { discardImport } from '../../src/importing/revise-import.ts';
import type { Database } from '../../src/storage/database.ts';
import { openDatabase } from '../../src/storage/dialect.ts';
import { refuseAccount } from '../support/broken-writes.ts';
import { forEachTerminal } from '../support/cli.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const isPartlyWritten = async (database: Database) =>
  (await database.selectFrom('imports').select('id').where('written', '>', 0).execute()).length > 0;

const never = new Promise<void>(() => {});

forEachTerminal('./ringup account import', (open) => {
  test('imports a file, and writes the result with the generated passwords for its owner alone', async () => {
    const ringup = (await open()).interruptedBy(never);
    const folder = tempDirectory();
    const file = join(folder, 'people.csv');
    writeFileSync(file, Buffer.from('Identifiant;Prénom;Nom;Badge\r\nchloe;Chloé;Besançon;Achats\r\n', 'latin1'));
    const result = join(folder, 'result.csv');
    const { status, out } = await ringup(['account', 'import', file, '--result', result]);
    assert.equal(status, 0);
    assert.match(out, /: 1 new, 0 changed, 0 unchanged, 0 skipped, 0 refused\.\nNot used: Badge\n/);
    assert.equal(statSync(result).mode & 0o777, 0o600);
    const [head, row] = readFileSync(result, 'utf8').split('\r\n');
    assert.equal(head, 'username,sip_uri,status,password,provisioning_url,expires_at');
    assert.match(row ?? '', /^chloe,sip:chloe@[^,]+,created,[A-Za-z0-9]{20,},http[^,]+\/provisioning\/[^,]+,/);
    assert.match((await ringup('account show chloe')).out, /Chloé Besançon/);
  });

  test('imports nothing if the result cannot be written', async () => {
    const ringup = (await open()).interruptedBy(never);
    const folder = tempDirectory();
    for (const path of [join(folder, 'missing', 'result.csv'), folder]) {
      const { status, out, err } = await ringup(['account', 'import', '-', '--result', path], 'username\nida\n');
      assert.deepEqual([status, out], [1, ''], path);
      assert.match(err, /^\S+ (?:is not a file|cannot be written: its folder does not exist)\.\n$/);
    }
    assert.deepEqual((await ringup('account list --json')).json, []);
    assert.deepEqual(readdirSync(folder), []);
  });

  test('writes the passwords of the rows that are in if the import fails', async () => {
    const opened = await open();
    const ringup = opened.interruptedBy(never);
    await refuseAccount(opened.databaseUrl, `u${batchRows}`);
    const rows = Array.from({ length: batchRows * 2 }, (_, index) => `u${index}\n`).join('');
    const result = join(tempDirectory(), 'result.csv');
    const { status, out, err } = await ringup(['account', 'import', '-', '--result', result], `username\n${rows}`);
    assert.deepEqual([status, out], [1, '']);
    assert.ok(err.includes(`\n${result} has the passwords that were generated before the import failed.\n`), err);
    const created: { username: string }[] = (await ringup('account list --json')).json;
    assert.equal(created.length, batchRows);
    const [head, ...lines] = readFileSync(result, 'utf8').trim().split('\r\n');
    assert.equal(head, 'username,sip_uri,status,password,provisioning_url,expires_at');
    for (const line of lines) assert.match(line, /^(u\d+),sip:\1@sip\.example\.test,created,[A-Za-z0-9]{20,},,$/);
    const names = lines.map((line) => line.split(',')[0]);
    assert.deepEqual(names.sort(), created.map(({ username }) => username).sort());
    const again = await ringup(['account', 'import', '-', '--result', result], `username\nu${batchRows}\n`);
    assert.equal(again.status, 1);
    assert.equal(readFileSync(result, 'utf8').trim().split('\r\n').length, batchRows + 1, 'nothing new to write');
  });

  test('exits with 1 if a row is refused, and lists each mistake with its line', async () => {
    const ringup = (await open()).interruptedBy(never);
    const { status, out, err } = await ringup('account import -', 'username,phone\nida,201\nmax,\n');
    assert.equal(status, 1);
    assert.match(out, /^line +column +value +message\n2 +phone +201 +phone is an extension/);
    assert.match(
      err,
      /^Nothing was written: 1 of \d+ rows has a mistake\. Correct them, or write the others with --partial\.$/m,
    );
    assert.equal((await ringup('account show max')).status, 1);
    const partly = await ringup('account import - --partial --json', 'username,phone\nida,201\nmax,\n');
    assert.equal(partly.status, 1);
    assert.equal(partly.json.create, 1);
    assert.equal((await ringup('account show max')).status, 0);
  });

  test('repeats a message in full, once for all rows, if the table cuts it', async () => {
    const ringup = (await open()).interruptedBy(never);
    const rows = Array.from({ length: 50 }, (_, index) => `u${index},0221 5550${100 + index}`).join('\n');
    const { status, out } = await ringup('account import -', `username,phone\n${rows}\n`);
    assert.equal(status, 1);
    assert.match(out, /^2 .*…$/m);
    const whole =
      "phone must be a phone number with its country code, such as +33601020304; the space's phone_country allows numbers without one.";
    assert.deepEqual(
      out.split('\n').filter((line) => line.startsWith('phone ')),
      [whole],
    );
    const wide = await ringup('account import - --wide', `username,phone\n${rows}\n`);
    assert.equal(wide.out.split('\n').filter((line) => line.startsWith('phone ')).length, 0);
  });

  test('stops after the current rows when it is interrupted, and says how many are imported', async () => {
    const ringup = await open();
    const rows = Array.from({ length: 2_000 }, (_, index) => `u${index}`).join('\n');
    const { status, err } = await ringup('account import -', `username\n${rows}\n`);
    assert.equal(status, 1);
    const written = Number(/Interrupted: (\d+) of 2000 rows are in\./.exec(err)?.[1]);
    assert.ok(written < 2_000, err);
    assert.equal((await ringup('account list --json')).json.length, written);
  });

  test('counts only what is in when it is interrupted half-way', async () => {
    const opened = await open();
    const database = await openDatabase(opened.databaseUrl);
    const interrupted = waitUntil(() => isPartlyWritten(database)).then(() => undefined);
    const rows = Array.from({ length: 5_000 }, (_, index) => `u${index},`).join('\n');
    const result = join(tempDirectory(), 'result.csv');
    const command = ['account', 'import', '-', '--partial', '--result', result];
    const { out, err } = await opened.interruptedBy(interrupted)(command, `username,phone\nwrong,201\n${rows}\n`);
    await database.close();
    const [, written] = /^Interrupted: (\d+) of 5001 rows are in\.$/m.exec(err) ?? [];
    assert.match(out, new RegExp(`^Import 1: ${written} new, 0 changed, 0 unchanged, 0 skipped, 0 refused\\.$`, 'm'));
    assert.equal(readFileSync(result, 'utf8').match(/,created,\S{20,},http/g)?.length, Number(written));
  });

  const spaceGone = JSON.stringify({ code: 'not-found', facts: { what: 'space', name: 'gone.example.test' } });

  for (const [what, changes, says] of [
    [
      'that another process took over',
      { worker: 'another', lease_until: 9e15 },
      /^Another process goes on with import 1: \d+ of 5000 rows are in\.$/m,
    ],
    [
      'that somebody discarded',
      { state: 'discarded', worker: null },
      /^Import 1 was discarded in the meantime: \d+ of 5000 rows are in\.$/m,
    ],
    [
      'that failed in another process, and explains it like any failure',
      { state: 'refused', worker: null, failure: spaceGone },
      /^There is no space "gone\.example\.test": `\.\/ringup space list` shows all spaces\.$/m,
    ],
  ] as const) {
    test(`exits with 1 if its import is one ${what}`, async () => {
      const opened = await open();
      const ringup = opened.interruptedBy(never);
      const database = await openDatabase(opened.databaseUrl);
      const rows = Array.from({ length: 5_000 }, (_, index) => `u${index}`).join('\n');
      const ended = ringup('account import -', `username\n${rows}\n`);
      const change = () => database.updateTable('imports').set(changes).where('received', '=', 1).executeTakeFirst();
      assert.ok(await waitUntil(async () => (await change()).numUpdatedRows > 0n));
      const { status, err } = await ended;
      await database.close();
      assert.equal(status, 1);
      assert.match(err, says);
    });
  }

  test('exits with 1 if somebody discards the rest of its import', async () => {
    const opened = await open();
    const ringup = opened.interruptedBy(never);
    const database = await openDatabase(opened.databaseUrl);
    const rows = Array.from({ length: 5_000 }, (_, index) => `u${index}`).join('\n');
    const ended = ringup('account import -', `username\n${rows}\n`);
    assert.ok(await waitUntil(() => isPartlyWritten(database)));
    const now = () => Date.now() + leaseMs + 60_000;
    const found = await getImport({ database }, '1');
    await discardImport({ database, now } as ImportContext, found);
    const { status, out, err } = await ended;
    await database.close();
    assert.equal(status, 1);
    const [, written] = /^Import 1 was discarded in the meantime: (\d+) of 5000 rows are in\.$/m.exec(err) ?? [];
    assert.match(out, new RegExp(`^Import 1: ${written} new, `));
  });

  test('prints a heading line with all columns that it reads', async () => {
    const ringup = (await open()).interruptedBy(never);
    const { out } = await ringup('account import --template');
    const cells = out
      .trim()
      .split(',')
      .map((name) => (name === 'username' ? 'ida' : ''));
    assert.equal((await ringup('account import - --dry-run --json', `${out}${cells.join(',')}\n`)).json.create, 1);
  });

  test('mails new accounts their codes', async () => {
    const ringup = (await open()).interruptedBy(never);
    const file = 'username,email\nida,ida@x.example\n';
    assert.match((await ringup('account import - --invite', file)).err, /RINGUP_SMTP_URL/);
    await ringup('space set sip.example.test smtp_url=smtp://127.0.0.1:2525 mail_from=phones@example.test');
    assert.equal((await ringup('account import - --invite --json', file)).json.create, 1);
    assert.match((await ringup('events ida')).out, /A mail with a code was queued for ida@x\.example/);
  });

  test('refuses a file that is not a table, and says what to do', async () => {
    const ringup = await open();
    const { status, err } = await ringup('account import -', '{"users": []}');
    assert.equal(status, 1);
    assert.match(err, /^This is JSON: convert it to CSV/);
    assert.equal((await ringup('account import')).status, 2);
  });
});

forEachTerminal('./ringup account export', (open) => {
  test('writes a table that an import reads as unchanged, without formulas', async () => {
    const ringup = (await open()).interruptedBy(never);
    await ringup(['account', 'add', 'ida', '--display-name', '=1+1', '--phone', '+33601020304']);
    await ringup(['account', 'add', 'tine', '--display-name', "'t Hart", '--email', 'tine@x.example']);
    const { out } = await ringup('account export');
    assert.match(out, /^username,name,email,phone/);
    assert.match(out, /\r\nida,'=1\+1,,\+33601020304,/);
    assert.match(out, /\r\ntine,''t Hart,/);
    assert.doesNotMatch(out, /ha1|password/);
    assert.equal((await ringup('account import - --json', out)).json.unchanged, 2);
    const withHa1 = (await ringup('account export --ha1')).out;
    assert.match(withHa1, /ha1_md5,ha1_sha256\r\n/);
    assert.equal((await ringup('account import - --json', withHa1)).json.unchanged, 2);
  });

  test('writes a file that only its owner can read', async () => {
    const ringup = await open();
    await ringup('account add ida');
    const file = join(tempDirectory(), 'accounts.csv');
    assert.deepEqual((await ringup(['account', 'export', file, '--json'])).json, { file, accounts: 1 });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await ringup(['account', 'export', file])).out, `Wrote 1 account to ${file}.\n`);
    await ringup('account add max');
    assert.equal((await ringup(['account', 'export', file])).out, `Wrote 2 accounts to ${file}.\n`);
  });
});
