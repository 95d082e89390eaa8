import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { forEachTerminal } from '../support/cli.ts';
import { tempDirectory } from '../support/temp-directory.ts';

forEachTerminal("an account's own text on the command line", (open) => {
  const file = join(tempDirectory(), 'alice.rc');

  test('is read from a file, shown, linted and emptied', async () => {
    const ringup = await open();
    await ringup('account add alice');
    writeFileSync(file, '\ufeff[sip]\r\nuse_ipv6=yes\r\n');
    const set = await ringup(['account', 'set', 'alice', `linphonerc=@${file}`]);
    assert.equal(set.status, 0, set.err);
    assert.match(set.err, /^account alice@sip\.example\.test:2:1: error: wrong-type/);
    assert.match((await ringup('account show alice')).out, /linphonerc\s+.*use_ipv6=yes/s);
    assert.match((await ringup('account show alice --json')).json.linphonerc, /use_ipv6=yes/);
    const lint = await ringup('lint');
    assert.deepEqual([lint.status, lint.err], [1, '1 error.\n']);
    assert.match(lint.out, /^account alice@sip\.example\.test:2:1: error/);
    assert.match((await ringup('check')).out, /linphonerc: wrong\n {2}account alice@sip\.example\.test:2:1/);
    const shown = await ringup('preview alice --origins');
    assert.match(shown.out, /use_ipv6=yes {4}# account-text, account alice@sip\.example\.test:2\n/);
    assert.equal((await ringup('account set alice linphonerc= --json')).json.linphonerc, '');
    assert.doesNotMatch((await ringup('account show alice')).out, /linphonerc/);
    assert.deepEqual((await ringup('lint --json')).json, { files: [], findings: [] });
  });

  test('is refused with line and text, and nothing is changed', async () => {
    const ringup = await open();
    await ringup('account add alice');
    writeFileSync(file, '[sip\n');
    const { status, err } = await ringup(['account', 'set', 'alice', `linphonerc=@${file}`]);
    assert.equal(status, 1);
    assert.match(err, /^linphonerc line 1: .*\[sip/);
    assert.equal((await ringup('account show alice --json')).json.linphonerc, '');
  });

  test('may contain secrets, because no base document contains it', async () => {
    const ringup = await open();
    await ringup('account add alice');
    writeFileSync(file, '[auth_info_3]\nusername=x\npasswd=secret\nrealm=x\n');
    await ringup(['account', 'set', 'alice', `linphonerc=@${file}`]);
    const { json } = await ringup('lint --json');
    assert.ok(!json.findings.some(({ rule }: { rule: string }) => rule === 'secret-in-base'));
  });

  test('is linted together with the identity, registrar and credentials of the account', async () => {
    const ringup = await open();
    await ringup('account add alice');
    writeFileSync(
      file,
      '[proxy_0]\nreg_route=<sip:192.0.2.7;transport=tcp;lr>\n[auth_info_1]\nusername=turn\npasswd=secret\n',
    );
    const set = await ringup(['account', 'set', 'alice', `linphonerc=@${file}`]);
    assert.equal(set.err, '');
    assert.deepEqual((await ringup('lint --json')).json.findings, []);
  });
});
