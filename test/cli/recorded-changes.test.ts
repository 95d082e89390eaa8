import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type App, openApp } from '../../src/app.ts';
import { loadSettings } from '../../src/config/load-config.ts';
import type { EventKind } from '../../src/events/event.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { openTestApp } from '../support/app.ts';
import { type DatabaseTerminal, forEachTerminal } from '../support/cli.ts';
import { commands } from '../support/commands.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { tempDirectory } from '../support/temp-directory.ts';

/** A good call: what comes behind the words of the command, given an account `alice` and a space `two.test`. */
interface Call {
  readonly words: string;
  /** What is called before. */
  readonly after?: readonly (string | readonly string[])[];
}

const external = '--username out --domain other.test --password p';

/** Commands that change something. */
const changing: Readonly<Record<string, Call | ((ringup: DatabaseTerminal) => Promise<Call>)>> = {
  'space add': { words: 'three.test' },
  'space set': { words: 'two.test name=Renamed' },
  'linphonerc restore': {
    words: 'two.test 1',
    after: [
      ['space', 'set', 'two.test', 'linphonerc=[net]\nmtu=1300\n'],
      ['space', 'set', 'two.test', 'linphonerc='],
    ],
  },
  'space delete': { words: 'gone.test --yes', after: ['space add gone.test'] },
  'account add': { words: 'carol' },
  'account import': async () => ({ words: tableWith('username\nimported\n') }),
  'account set': { words: 'alice display_name=Renamed' },
  'account password': { words: 'alice' },
  'account activate': { words: 'alice', after: ['account deactivate alice'] },
  'account deactivate': { words: 'alice', after: ['account activate alice'] },
  'account block': { words: 'alice', after: ['account unblock alice'] },
  'account unblock': { words: 'alice', after: ['account block alice'] },
  'account login-link': { words: 'alice', after: ['account unblock alice'] },
  'account delete': { words: 'gone --yes', after: ['account add gone'] },
  'account sheet': { words: `${join(tempDirectory(), 'codes.pdf')} alice`, after: ['token revoke alice'] },
  'account invite': {
    words: 'alice',
    after: [
      'space set sip.example.test smtp_url=smtp://127.0.0.1:2525 mail_from=phones@example.test',
      'account set alice email=alice@example.test',
    ],
  },
  'token issue': { words: 'alice' },
  'token extend': async (ringup) => ({ words: `alice ${await newTokenOf(ringup)} --expires 1h` }),
  'token revoke': async (ringup) => ({ words: `alice ${await newTokenOf(ringup)}` }),
  'device revoke': async (ringup) => ({ words: `alice ${await newDeviceOf(ringup)}` }),
  'external set': { words: `alice ${external}` },
  'external clear': { words: 'alice', after: [`external set alice ${external}`] },
  'contact add': { words: 'alice root', after: ['contact remove alice root'] },
  'contact remove': { words: 'alice root', after: ['contact add alice root'] },
  'contact-list add': { words: 'Sales' },
  'contact-list set': async (ringup) => ({ words: `${await newListOf(ringup)} title=Support` }),
  'contact-list delete': async (ringup) => ({ words: `${await newListOf(ringup)} --yes` }),
  'contact-list join': async (ringup) => ({ words: `${await newListOf(ringup)} alice` }),
  'contact-list leave': async (ringup) => {
    const id = await newListOf(ringup);
    return { words: `${id} alice`, after: [`contact-list join ${id} alice`] };
  },
  'contact-list give': async (ringup) => ({ words: `${await newListOf(ringup)} alice` }),
  'contact-list take': async (ringup) => {
    const id = await newListOf(ringup);
    return { words: `${id} alice`, after: [`contact-list give ${id} alice`] };
  },
  'api-key create': { words: 'alice' },
  'api-key revoke': async (ringup) => ({ words: (await ringup('api-key create alice --json')).json.id }),
};

/** The events that each of them records, in this order. */
const recorded: Readonly<Record<string, readonly EventKind[]>> = {
  'space add': ['space-created'],
  'space set': ['space-changed'],
  'linphonerc restore': ['space-changed'],
  'space delete': ['space-deleted'],
  'account add': ['account-created', 'token-issued'],
  'account import': ['account-created', 'token-issued'],
  'account set': ['account-changed'],
  'account password': ['password-changed'],
  'account activate': ['activated'],
  'account sheet': ['token-issued'],
  'account deactivate': ['deactivated'],
  'account block': ['blocked'],
  'account unblock': ['unblocked'],
  'account login-link': ['login-link-issued'],
  'account delete': ['account-deleted'],
  'account invite': ['mail-queued'],
  'token issue': ['token-issued'],
  'token extend': ['token-extended'],
  'token revoke': ['token-revoked'],
  'device revoke': ['device-revoked'],
  'external set': ['account-changed'],
  'external clear': ['account-changed'],
  'contact add': ['contact-added'],
  'contact remove': ['contact-removed'],
  'contact-list add': ['contact-list-created'],
  'contact-list set': ['contact-list-changed'],
  'contact-list delete': ['contact-list-deleted'],
  'contact-list join': ['contact-list-joined'],
  'contact-list leave': ['contact-list-left'],
  'contact-list give': ['contact-list-given'],
  'contact-list take': ['contact-list-taken'],
  'api-key create': ['api-key-created'],
  'api-key revoke': ['api-key-revoked'],
};

/** Commands that only look, with good words as well. */
const reading: Readonly<Record<string, string>> = {
  check: '',
  'space list': '',
  'space show': 'two.test',
  'linphonerc list': 'two.test',
  'linphonerc show': 'two.test 1',
  'account list': '',
  'account show': 'alice',
  'account export': '',
  'token list': 'alice',
  'device list': 'alice',
  'external show': 'root',
  'contact list': 'alice',
  'contact-list list': '',
  'contact-list show': '1',
  'api-key list': '',
  'export kamailio': '',
  lint: join(tempDirectory(), 'linphonerc'),
  preview: 'alice',
  events: '',
};

const exempt = {
  serve: 'it answers requests until it is interrupted',
  demo: 'its database is gone when it ends',
  migrate: 'it changes tables, not what is in them',
  backup: 'it only ticks itself off the list of what is to do',
  restore: 'the events are replaced with everything else',
};

function tableWith(text: string): string {
  const file = join(tempDirectory(), 'people.csv');
  writeFileSync(file, text);
  return file;
}

async function newListOf(ringup: DatabaseTerminal): Promise<number> {
  return (await ringup('contact-list add Team --json')).json.id;
}

async function newTokenOf(ringup: DatabaseTerminal): Promise<number> {
  await ringup('token issue alice');
  return (await ringup('token list alice --json')).json[0].id;
}

async function newDeviceOf(ringup: DatabaseTerminal): Promise<number> {
  const { provisioning_token } = (await ringup('token issue alice --json')).json;
  const app = await openTestApp(ringup.databaseUrl);
  await app.server.inject({ url: `/provisioning/${provisioning_token}` });
  await app.close();
  return (await ringup('device list alice --json')).json.at(-1).id;
}

test('each command is listed either as changing something or as only reading', () => {
  assert.deepEqual([changing, reading, exempt].flatMap(Object.keys).sort(), commands.map(({ words }) => words).sort());
});

forEachTerminal('the commands', (open) => {
  let ringup: DatabaseTerminal;
  let app: App;
  before(async () => {
    const opened = await open();
    ringup = Object.assign(opened.interruptedBy(new Promise(() => {})), { databaseUrl: opened.databaseUrl });
    const settings = loadSettings(ringup.environment);
    app = await openApp(settings, { log: createLogger('silent', { write: () => {} }) });
    const preparations = [
      'space add two.test',
      'account add root --admin --activated',
      'account add alice --activated',
      'contact-list add Everybody',
    ];
    for (const words of [...preparations, `external set root ${external}`]) await succeed(words);
    writeFileSync(reading.lint ?? '', '[sip]\nmedia_encryption=srtp\n');
  });
  after(() => app.close());

  const succeed = async (words: string): Promise<void> => {
    const { status, err } = await ringup(words);
    assert.equal(status, 0, `${words}: ${err}`);
  };

  for (const [name, given] of Object.entries(changing)) {
    test(`${name} records ${recorded[name]?.join(' and ')}`, async () => {
      const call = typeof given === 'function' ? await given(ringup) : given;
      for (const words of call.after ?? []) await ringup(words);
      const last = await latestEvent(app);
      await succeed(`${name} ${call.words}`);
      const expected = recorded[name]?.map((kind) => ({ kind, actor: 'command-line' }));
      assert.deepEqual(await changesAfter(app, last), expected);
    });
  }

  for (const [name, words] of Object.entries(reading)) {
    test(`${name} changes nothing and records no event`, async () => {
      const before = [await latestEvent(app), await dumpDatabase(app.database)];
      await succeed(`${name} ${words}`);
      assert.deepEqual([await latestEvent(app), await dumpDatabase(app.database)], before);
    });
  }
});
