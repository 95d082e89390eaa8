import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { accountChangesShape } from '../../src/accounts/account-fields.ts';
import { accountKeys, spaceKeys } from '../../src/cli/commands/keys.ts';
import { manualOf } from '../../src/cli/manual.ts';
import { spaceChangesShape } from '../../src/spaces/space-fields.ts';
import { forEachTerminal, openTerminal } from '../support/cli.ts';
import { commands } from '../support/commands.ts';
import { tempDirectory } from '../support/temp-directory.ts';

// One database: help opens none.
describe('every command', () => {
  for (const { words, command } of commands) {
    test(`ringup ${words} --help says what it does, with an example, and ends with status 0`, async () => {
      const ringup = openTerminal();
      const { status, out, err } = await ringup(`${words} --help`);
      assert.equal(status, 0);
      assert.equal(err, '');
      assert.match(out, new RegExp(`^Usage: \\./ringup ${words}`));
      const { examples } = manualOf(command);
      assert.ok(examples.length > 0);
      const unbroken = out.replace(/ \\\n +/g, ' ');
      for (const example of examples) assert.ok(unbroken.includes(example), example);
      for (const line of out.split('\n')) assert.ok(line.length <= 80, line);
      assert.ok(out.includes('--json') && out.includes('--env-file'));
      assert.deepEqual(await ringup(`help ${words}`).then((other) => [other.status, other.out]), [0, out]);
    });
  }
});

// One database: it opens none.
describe('help', () => {
  test('shows the first sentence about each command of a group, so that it fits on a screen', async () => {
    const { out } = await openTerminal()('account --help');
    assert.match(out, /\n {2}import \[file\] +Creates and changes accounts from a table/);
    assert.doesNotMatch(out, /\[options\] <user|An empty cell changes nothing/);
    assert.ok(out.split('\n').length < 60, out);
  });

  test('names every key that set takes', async () => {
    assert.deepEqual(spaceKeys, Object.keys(spaceChangesShape.properties));
    assert.deepEqual(accountKeys, Object.keys(accountChangesShape.properties));
    for (const [group, keys] of [
      ['space', spaceKeys],
      ['account', accountKeys],
    ] as const) {
      const { out } = await openTerminal()(`${group} set --help`);
      for (const key of keys) assert.match(out, new RegExp(`[ \\n]${key}[,.]`));
    }
  });

  test('says that the contacts of an account are only a part of its address book', async () => {
    const ringup = openTerminal();
    assert.match((await ringup('--help')).out, /\n {2}contact +accounts chosen one by one for an address book\n/);
    const { out } = await ringup('contact --help');
    const words = out.replace(/\s+/g, ' ');
    assert.ok(
      words.includes('Contact lists, the directory of the space and contacts from outside add others to it.'),
      out,
    );
  });

  test('repeats no example', () => {
    for (const { words, command } of commands) {
      const { examples } = manualOf(command);
      assert.equal(new Set(examples).size, examples.length, words);
    }
  });
});

// One database: it is refused before one is opened.
describe('wrong usage', () => {
  const refusals: readonly (readonly [words: string, complaint: RegExp])[] = [
    ['', /^Usage: \.\/ringup /],
    ['acount list', /unknown command 'acount'[\s\S]*Did you mean account\?/],
    ['nonsense --help', /unknown command 'nonsense'/],
    ['help acount', /unknown command 'acount'[\s\S]*Did you mean account\?/],
    ['account ad --help', /unknown command 'ad'[\s\S]*Did you mean add\?/],
    ['account', /^Usage: \.\/ringup account /],
    ['account ad alice', /unknown command 'ad'[\s\S]*Did you mean add\?/],
    ['account add', /missing required argument 'user\[@domain\]'/],
    ['account add alice bob', /too many arguments/],
    ['account add alice --pasword x', /unknown option '--pasword'[\s\S]*Did you mean --password\?/],
    ['account add alice --password', /argument missing/],
    ['account add alice --password x --password-stdin', /cannot be used with/],
    ['account add @sip.example.test', /^"@sip\.example\.test" is not an address: write USER or USER@DOMAIN\.\n$/],
    ['account add alice@-bad-', /is not an address/],
    ['account set alice', /missing required argument 'key=value'/],
    ['account set alice admin', /^"admin" is not KEY=VALUE\.\n$/],
    ['account set alice phon=+331', /^There is no key "phon": did you mean phone\?\n$/],
    ['account set alice admin=true admin=false', /^The key "admin" is given twice\.\n$/],
    ['space set sip.example.test colour=red', /^There is no key "colour"; the keys are domain, host, name/],
    [
      'token issue alice --expires soon',
      /^--expires "soon" must be a duration such as 90m, .*, or 0 for never\. It can be at most 366 days ahead\.\n$/,
    ],
    ['export kamailio --algorithm SHA-1', /Allowed choices are SHA-256, MD5/],
    ['external set alice --username u', /required option '--domain <domain>' not specified/],
    ['events --limit many', /^--limit "many" must be a number from 1 to 100000\.\n$/],
    ['lint /nonexistent/rc', /^\/nonexistent\/rc cannot be read: .*\n$/],
    ['lint - --json --sarif', /^--json and --sarif exclude each other: choose one\.\n$/],
    [
      'account import colleagues.csv --template',
      /^--template reads no FILE\. To write one: `\.\/ringup account import --template > FILE`\.\n$/,
    ],
    [
      'account import --template --space sip.example.test',
      /'--template' cannot be used with option '--space <domain>'/,
    ],
    ['account import --template --result result.csv', /'--template' cannot be used with option '--result <file>'/],
    ['lint --private', /^--private needs a FILE\.\n$/],
  ];
  const ringup = openTerminal();
  before(() => ringup('migrate'));

  for (const [words, complaint] of refusals) {
    test(`ends with status 2 and a complaint for \`ringup ${words}\``, async () => {
      const { status, out, err } = await ringup(words);
      assert.equal(status, 2, err);
      assert.equal(out, '');
      assert.match(err, complaint);
    });
  }

  test('never creates an account', async () => {
    assert.deepEqual((await ringup('account list --json')).json, []);
  });
});

// One database: they are read before one is opened.
describe('settings', () => {
  test('all mistakes are reported together, with status 2', async () => {
    const ringup = openTerminal({
      RINGUP_LISTEN: 'nowhere',
      RINGUP_TOKEN_LIFETIME: 'soon',
      RINGUP_SIP_DOMIAN: 'x.test',
    });
    const { status, out, err } = await ringup('account list --json');
    assert.equal(status, 2);
    assert.equal(out, '');
    assert.match(
      err,
      /^RINGUP_LISTEN "nowhere" must be .*\nRINGUP_TOKEN_LIFETIME "soon" must be .*\nRINGUP_SIP_DOMIAN is not a setting: did you mean RINGUP_SIP_DOMAIN\?\n$/,
    );
  });

  test('unknown names that begin with RINGUP_ but resemble no setting are named in one note, and change nothing', async () => {
    const file = join(tempDirectory(), 'env');
    writeFileSync(file, 'RINGUP_COLOUR=red\n');
    const ringup = openTerminal({ RINGUP_SERVICE_HOST: '10.0.0.1' });
    await ringup('migrate');
    const { status, err, json } = await ringup(`--env-file ${file} space list --json`);
    assert.deepEqual([status, json.length], [0, 1]);
    assert.equal(err, 'Note: RINGUP_COLOUR, RINGUP_SERVICE_HOST are not settings of Ringup and change nothing.\n');
    const check = await ringup(`--env-file ${file} check`);
    assert.equal(check.status, 0);
    assert.match(check.out, /settings: usable\n {2}Note: RINGUP_COLOUR, RINGUP_SERVICE_HOST are not settings/);
  });

  test('a misspelt name in --env-file is a mistake, as in the environment', async () => {
    const file = join(tempDirectory(), 'env');
    writeFileSync(file, 'RINGUP_HOOK_FILE=x\n');
    const { status, err } = await openTerminal()(`--env-file ${file} space list`);
    assert.deepEqual([status, err], [2, 'RINGUP_HOOK_FILE is not a setting: did you mean RINGUP_HOOKS_FILE?\n']);
  });

  test('--env-file takes precedence over the environment', async () => {
    const file = join(tempDirectory(), 'env');
    writeFileSync(file, `RINGUP_DATA_DIR=${tempDirectory()}\nRINGUP_SIP_DOMAIN=sip.other.test\n`);
    const ringup = openTerminal({ RINGUP_SIP_DOMAIN: 'sip.example.test' });
    await ringup(`--env-file ${file} migrate`);
    const { json } = await ringup(`--env-file ${file} space list --json`);
    assert.deepEqual(
      json.map(({ domain }: { domain: string }) => domain),
      ['sip.other.test'],
    );
  });

  test('a missing --env-file ends with status 2', async () => {
    const { status, err } = await openTerminal()('account list --env-file /nonexistent/env');
    assert.equal(status, 2);
    assert.match(err, /^--env-file \/nonexistent\/env cannot be read: .*\n$/);
  });

  test('a database that cannot be opened ends the command with one line and status 1', async () => {
    const folder = tempDirectory();
    writeFileSync(join(folder, 'file'), '');
    const inFile = await openTerminal({ RINGUP_DATA_DIR: join(folder, 'file', 'data') })('account list');
    assert.deepEqual([inFile.status, inFile.out], [1, '']);
    assert.match(inFile.err, /^The folder .* cannot be used, because .* is not a folder: .*\n$/);

    writeFileSync(join(folder, 'ringup.sqlite'), 'this is something else'.repeat(100));
    const other = await openTerminal({ RINGUP_DATA_DIR: folder })('account list');
    assert.deepEqual([other.status, other.out], [1, '']);
    assert.match(
      other.err,
      /^The database \S+\/ringup\.sqlite cannot be used: file is not a database\. .*RINGUP_DATA_DIR.*\n$/,
    );

    const gone = await openTerminal({ RINGUP_DATABASE_URL: 'postgres://u:secret@127.0.0.1:9/x' })('account list');
    assert.deepEqual([gone.status, gone.out], [1, '']);
    assert.match(gone.err, /^The database cannot be used: connect ECONNREFUSED 127\.0\.0\.1:9\. .*\n$/);
  });
});

forEachTerminal('ringup', (open) => {
  test('accepts options before and after the arguments', async () => {
    const ringup = await open();
    const made = await ringup('--json account add --admin alice --display-name Alice');
    assert.deepEqual([made.json.admin, made.json.display_name], [true, 'Alice']);
    assert.deepEqual((await ringup('account --json show alice')).json.id, made.json.id);
    assert.deepEqual((await ringup('account show alice --json')).json.id, made.json.id);
  });

  test('can block an account even with a broken linphonerc or hooks file', async () => {
    const folder = tempDirectory();
    const [hooks, linphonerc] = [join(folder, 'hooks.ts'), join(folder, 'linphonerc')];
    writeFileSync(hooks, 'export default 3');
    writeFileSync(linphonerc, 'broken');
    const ringup = await open({ RINGUP_HOOKS: hooks, RINGUP_LINPHONERC: linphonerc });
    assert.equal((await ringup('account add alice')).status, 0);
    assert.equal((await ringup('account block alice')).status, 0);
    assert.equal((await ringup('preview alice')).status, 2);
  });
});

// One database: it opens none.
test('ringup --version prints the version', async () => {
  const { status, out } = await openTerminal()('--version');
  assert.equal(status, 0);
  assert.match(out, /^\d+\.\d+\.\d+\n$/);
});
