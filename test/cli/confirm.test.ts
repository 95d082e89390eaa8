import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachTerminal } from '../support/cli.ts';

forEachTerminal('a deletion', (open) => {
  async function prepared() {
    const ringup = await open();
    await ringup('space add sip.two.test');
    await ringup('account add alice@sip.two.test');
    return ringup;
  }

  const deletions = [
    { words: 'account delete alice@sip.two.test', left: { spaces: 2, accounts: 0 } },
    { words: 'space delete sip.two.test --with-accounts', left: { spaces: 1, accounts: 0 } },
  ];

  for (const { words, left } of deletions) {
    const remaining = async (ringup: Awaited<ReturnType<typeof prepared>>) => ({
      spaces: (await ringup('space list --json')).json.length,
      accounts: (await ringup('account list --json')).json.length,
    });

    test(`ringup ${words} requires --yes without a terminal`, async () => {
      const ringup = await prepared();
      const { status, out, err } = await ringup(words);
      assert.deepEqual([status, out], [1, '']);
      assert.match(err, /^This cannot be undone, .* add --yes\. Nothing was changed\.\n$/);
      assert.deepEqual(await remaining(ringup), { spaces: 2, accounts: 1 });
      assert.equal((await ringup(`${words} --yes`)).status, 0);
      assert.deepEqual(await remaining(ringup), left);
    });

    test(`ringup ${words} asks at a terminal, and accepts only yes`, async () => {
      const ringup = await prepared();
      for (const answer of ['', 'n', 'no', 'yesterday', 'delete']) {
        const { status, out, err } = await ringup.answering(answer)(words);
        assert.deepEqual([status, out, err], [1, '', 'You did not answer yes: nothing was changed.\n'], answer);
      }
      assert.deepEqual(await remaining(ringup), { spaces: 2, accounts: 1 });
      assert.equal((await ringup.answering(' Yes ')(words)).status, 0);
      assert.deepEqual(await remaining(ringup), left);
    });
  }

  test('is refused without a question if its target does not exist', async () => {
    const ringup = await open();
    assert.match((await ringup('account delete nobody')).err, /^There is no account/);
    assert.match((await ringup('space delete sip.none.test')).err, /^There is no space/);
  });
});
