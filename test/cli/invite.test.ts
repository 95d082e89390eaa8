import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachTerminal } from '../support/cli.ts';

forEachTerminal('account invite', (open) => {
  test('queues mails for the named users or for all waiting accounts, and says how many', async () => {
    const ringup = await open();
    for (const [name, email] of [
      ['alice', 'alice@example.test'],
      ['bob', 'bob@example.test'],
      ['carol', ''],
    ]) {
      await ringup(['account', 'add', name ?? '', ...(email === '' ? [] : ['--email', email ?? ''])]);
    }
    const refused = await ringup('account invite alice');
    assert.notEqual(refused.status, 0);
    assert.match(refused.err, /RINGUP_SMTP_URL/);
    await ringup('space set sip.example.test smtp_url=smtp://127.0.0.1:2525 mail_from=phones@example.test');
    const trial = await ringup('account invite --waiting --dry-run');
    assert.match(trial.out, /^2 mails would be queued\.\n1 account has no mail address\.\n$/);
    assert.deepEqual((await ringup('account invite --all --json --dry-run')).json, {
      queued: 2,
      without_address: 1,
      left_out: 0,
      blocked: 0,
    });
    const queued = await ringup('account invite alice bob --expires 3d');
    assert.equal(queued.out, 'Queued 2 mails. The running server sends them.\n');
    assert.match((await ringup('events alice')).out, /A mail with a code was queued for alice@example\.test/);
    const again = await ringup('account invite --waiting');
    assert.equal(
      again.out,
      'Queued 0 mails. The running server sends them.\n1 account has no mail address.\n2 accounts are left out (--invited).\n',
    );
    assert.match((await ringup('account invite --all --invited everyone --dry-run')).out, /^2 mails would be queued\./);
    assert.match((await ringup('account invite --all --invited 7d --dry-run')).out, /^0 mails would be queued\./);
    for (const [words, sentence] of [
      ['account invite --all --invited soon', /^--invited "soon" must be /],
      ['account invite alice --invited everyone', /^--invited cannot be combined with USER\.\n$/],
      ['account invite', /^USER or --waiting or --all is required\.\n$/],
      ['account invite alice --all', /^USER cannot be combined with --waiting or --all\.\n$/],
      ['account invite --waiting --all', /--all/],
    ] as const) {
      const { status, err } = await ringup(words);
      assert.equal(status, 2, words);
      assert.match(err, sentence, words);
    }
  });

  test('says which accounts get no mail because they are blocked, and refuses a single one', async () => {
    const ringup = await open();
    await ringup('space set sip.example.test smtp_url=smtp://127.0.0.1:2525 mail_from=phones@example.test');
    for (const name of ['alice', 'bob', 'carol']) await ringup(`account add ${name} --email ${name}@example.test`);
    for (const name of ['alice', 'bob']) await ringup(`account block ${name}`);
    for (const words of ['account invite alice', 'account invite alice --dry-run', 'account invite alice --json']) {
      const { status, out, err } = await ringup(words);
      assert.deepEqual([status, out, err], [1, '', 'The account is blocked: unblock it first.\n'], words);
    }
    assert.doesNotMatch((await ringup('events')).out, /was queued/);
    const two = await ringup('account invite alice bob');
    assert.equal(two.out, 'Queued 0 mails. The running server sends them.\n2 accounts are blocked.\n');
    const all = await ringup('account invite --all --dry-run --json');
    assert.deepEqual(all.json, { queued: 1, without_address: 0, left_out: 0, blocked: 2 });
    assert.equal(
      (await ringup('account invite carol alice')).out,
      'Queued 1 mail. The running server sends them.\n1 account is blocked.\n',
    );
  });

  test('queues no mail if users are named together with --space, which is for groups', async () => {
    const ringup = await open();
    await ringup('space set sip.example.test smtp_url=smtp://127.0.0.1:2525 mail_from=phones@example.test');
    await ringup('space add other.example.test');
    await ringup('account add alice --email alice@example.test');
    await ringup('account add alice@other.example.test --email other-alice@example.test');
    for (const words of ['account invite alice', 'account invite alice --dry-run', 'account invite nobody']) {
      const { status, err, out } = await ringup(`${words} --space other.example.test`);
      assert.deepEqual([status, out], [2, ''], words);
      assert.equal(err, '--space cannot be combined with USER.\n', words);
    }
    assert.doesNotMatch((await ringup('events')).out, /was queued/);
  });
});
