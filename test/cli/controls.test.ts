import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { textForTerminal } from '../../src/errors/quote-text.ts';
import { openTestApp } from '../support/app.ts';
import { forEachTerminal } from '../support/cli.ts';

/** What a terminal obeys, except tabs and the ends of lines. */
const obeyed = /(?!\t|\r?\n)\p{Cc}/u;
const domain = 'sip.example.test';
const comment = '# \u001b]0;owned\u0007\tand \u009b31m\u007f over it';
/** As Node gives the bytes of U+009B in UTF-8. */
const csi = '\u00c2\u009b';

forEachTerminal('a text with control characters that somebody else stored', (open) => {
  test('is shown by `linphonerc show` with visible ones at a terminal, and exactly to a program', async () => {
    const ringup = await open({ RINGUP_SIP_DOMAIN: domain });
    const text = `${comment}\n[net]\r\nmtu=1300`;
    const set = await ringup(['space', 'set', domain, `linphonerc=${text}`]);
    assert.equal(set.status, 0, set.err);
    const show = `linphonerc show ${domain} 1`;
    const atTerminal = (await ringup.withColumns(40)(show)).out;
    assert.equal(atTerminal, '# ␛]0;owned␇\tand <U+009B>31m␡ over it\n[net]\r\nmtu=1300\n');
    assert.equal((await ringup(show)).out, `${text}\n`);
    for (const terminal of [ringup, ringup.withColumns(40)]) {
      const { out, json } = await terminal(`${show} --json`);
      assert.doesNotMatch(out, obeyed);
      assert.equal(json.linphonerc, text);
    }
    for (const words of [
      `linphonerc restore ${domain} 1`,
      'lint',
      'lint --json',
      'lint --sarif',
      `space show ${domain}`,
    ]) {
      const { out, err } = await ringup.withColumns(40)(words);
      assert.notEqual(out, '', words);
      assert.doesNotMatch(`${out}${err}`, obeyed, words);
    }
  });

  test('reaches no terminal when it is the User-Agent of a phone', async () => {
    const ringup = await open();
    await ringup(`space set ${domain} refetch=every-start`);
    const { provisioning_token } = (await ringup('account add alice --json')).json;
    const app = await openTestApp(ringup.databaseUrl);
    const headers = { 'user-agent': `LinphoneiOS/5.2.3 (iPhone${csi}2J)`, 'x-linphone-provisioning': '1' };
    await app.server.inject({ url: `/provisioning/${provisioning_token}`, headers });
    await app.close();
    const events = (await ringup('events alice --json --kind fetched')).out;
    assert.match(events, /iPhone\\u009b2J/);
    assert.equal(JSON.parse(events).agent, 'LinphoneiOS/5.2.3 (iPhone\u009b2J)');
    const [{ id }] = Object.values((await ringup('device list alice --json')).json) as [{ id: number }];
    const atTerminal = ringup.withColumns(80);
    for (const words of [
      'events alice --json',
      'events alice',
      'device list alice --json',
      'device list alice',
      'account password alice --json',
      'account password alice',
      'account set alice password=secret',
      `device revoke alice ${id}`,
      'events alice',
    ]) {
      const { status, out, err } = await atTerminal(words);
      assert.deepEqual([status, obeyed.test(`${out}${err}`)], [0, false], `${words}: ${JSON.stringify([out, err])}`);
    }
  });

  test('is followed as JSON without them', async () => {
    const ringup = await open();
    const { provisioning_token } = (await ringup('account add alice --json')).json;
    const app = await openTestApp(ringup.databaseUrl);
    await app.server.inject({
      url: `/provisioning/${provisioning_token}`,
      headers: { 'user-agent': `LinphoneiOS/5.2.3 (iPhone${csi}2J)` },
    });
    await app.close();
    const stop = Promise.withResolvers<void>();
    stop.resolve();
    const { out } = await ringup.interruptedBy(stop.promise)('events --json --follow');
    assert.match(out, /iPhone/);
    assert.doesNotMatch(out, obeyed);
  });
});

test('a text for a terminal keeps its tabs and the ends of its lines, but no other control character', () => {
  assert.equal(textForTerminal('a\tb\r\nc\rd\u0085\n\r'), 'a\tb\r\nc␍d<U+0085>\n␍');
});

test('commands write JSON by one function, which escapes what a terminal would obey', () => {
  const folder = join(import.meta.dirname, '../../src/cli');
  const files = globSync('**/*.ts', { cwd: folder });
  const writing = files.filter((file) => readFileSync(join(folder, file), 'utf8').includes('JSON.stringify'));
  assert.deepEqual(writing, ['output/print.ts']);
});
