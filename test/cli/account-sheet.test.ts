import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { forEachTerminal } from '../support/cli.ts';
import { tempDirectory } from '../support/temp-directory.ts';

forEachTerminal('ringup account sheet', (open) => {
  test('writes a PDF that only its owner can read, with the codes that are valid', async () => {
    const ringup = await open();
    await ringup('account add alice');
    await ringup('account add bob');
    await ringup('token revoke bob');
    const before = (await ringup('token list alice --json')).json;
    const file = join(tempDirectory(), 'codes.pdf');
    const { status, out, err } = await ringup(['account', 'sheet', file, 'alice', 'bob', 'alice']);
    assert.deepEqual([status, err, out], [0, '', `Wrote ${file} with 2 cards.\n`]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(readFileSync(file, 'latin1').slice(0, 5), '%PDF-');
    assert.deepEqual((await ringup('token list alice --json')).json, before);
    assert.equal((await ringup('token list bob --json')).json.length, 2);
  });

  test('leaves blocked accounts out, and names them', async () => {
    const ringup = await open();
    await ringup('account add alice');
    await ringup('account add bob');
    await ringup('account block bob');
    const file = join(tempDirectory(), 'codes.pdf');
    const { json } = await ringup(['account', 'sheet', file, 'alice', 'bob', '--json']);
    assert.equal(json.cards, 1);
    assert.match(String(json.blocked), /^bob@/);
  });

  test('writes a card with --waiting for each account that has no phone yet', async () => {
    const ringup = await open();
    await ringup('account add alice');
    await ringup('account add bob');
    await ringup('token revoke bob');
    await ringup('account add carol');
    await ringup('account block carol');
    const file = join(tempDirectory(), 'codes.pdf');
    assert.equal((await ringup(['account', 'sheet', file, '--waiting', '--json'])).json.cards, 2);
    const both = await ringup(['account', 'sheet', file, 'alice', '--waiting']);
    assert.deepEqual([both.status, both.err], [2, 'USER cannot be combined with --waiting.\n']);
    assert.equal((await ringup(['account', 'sheet', file])).err, 'USER or --waiting is required.\n');
    assert.equal((await ringup(['account', 'sheet', file])).status, 2);
  });

  test('applies --waiting to one space, as account invite does: the first, or that of --space', async () => {
    const ringup = await open();
    await ringup('space add other.example.test');
    await ringup('account add alice');
    await ringup('account add bob@other.example.test');
    await ringup('account add carol@other.example.test');
    const file = join(tempDirectory(), 'codes.pdf');
    const cards = async (...options: string[]) =>
      (await ringup(['account', 'sheet', file, ...options, '--json'])).json.cards;
    assert.equal(await cards('--waiting'), 1);
    assert.equal(await cards('--waiting', '--space', 'other.example.test'), 2);
    assert.equal((await ringup(['account', 'sheet', file, '--waiting', '--space', 'no.example.test'])).status, 1);
  });

  test('writes nothing if users are named together with --space, which needs --waiting', async () => {
    const ringup = await open();
    await ringup('space add other.example.test');
    await ringup('account add alice');
    await ringup('account add alice@other.example.test');
    const file = join(tempDirectory(), 'codes.pdf');
    const { status, err } = await ringup(['account', 'sheet', file, 'alice', '--space', 'other.example.test']);
    assert.deepEqual([status, err], [2, '--space cannot be combined with USER.\n']);
    assert.throws(() => statSync(file));
  });

  test('writes nothing if a user or the paper size is unknown', async () => {
    const ringup = await open();
    await ringup('account add alice');
    const file = join(tempDirectory(), 'codes.pdf');
    assert.equal((await ringup(['account', 'sheet', file, 'alice', 'nobody'])).status, 1);
    assert.equal((await ringup(['account', 'sheet', file, 'alice', '--paper', 'A3'])).status, 2);
    assert.deepEqual(readdirSync(dirname(file)), []);
  });

  test('leaves the file as it is if nobody gets a card, and says why', async () => {
    const ringup = await open();
    const folder = tempDirectory();
    const file = join(folder, 'codes.pdf');
    const none = await ringup(['account', 'sheet', file, '--waiting']);
    const reason = 'no account waits for a phone: all are set up or blocked';
    assert.deepEqual([none.status, none.out, none.err], [1, '', `${file} was not written, because ${reason}.\n`]);
    assert.deepEqual(readdirSync(folder), []);
    writeFileSync(file, 'of last week');
    for (const user of ['alice', 'bob']) {
      await ringup(`account add ${user}`);
      await ringup(`account block ${user}`);
    }
    const both = 'alice@sip.example.test, bob@sip.example.test';
    for (const [words, blocked] of [
      ['alice bob', `accounts that are blocked or gone get no card: ${both}`],
      ['--waiting', reason],
    ] as const) {
      const { status, err } = await ringup(['account', 'sheet', file, ...words.split(' ')]);
      assert.deepEqual([status, err], [1, `${file} was not written, because ${blocked}.\n`]);
    }
    const { status, out } = await ringup(['account', 'sheet', file, 'alice', '--json']);
    assert.deepEqual([status, JSON.parse(out)], [1, { file: null, cards: 0, blocked: ['alice@sip.example.test'] }]);
    assert.equal(readFileSync(file, 'utf8'), 'of last week');
    assert.deepEqual(readdirSync(folder), ['codes.pdf']);
  });

  test('changes no code if the file cannot be written', async () => {
    const ringup = await open();
    for (const user of ['alice', 'bob']) await ringup(`account add ${user}`);
    await ringup('token revoke bob');
    const folder = tempDirectory();
    const state = async () => [
      (await ringup('token list alice --json')).json,
      (await ringup('token list bob --json')).json,
      (await ringup('events --json')).out,
    ];
    const before = await state();
    for (const path of [join(folder, 'missing', 'codes.pdf'), folder]) {
      const { status, out, err } = await ringup(['account', 'sheet', path, 'alice', 'bob']);
      assert.deepEqual([status, out], [1, ''], path);
      assert.match(err, /^\S+ (?:is not a file|cannot be written: its folder does not exist)\.\n$/);
    }
    assert.deepEqual(await state(), before);
    assert.deepEqual(readdirSync(folder), []);
  });
});
