import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachTerminal } from '../support/cli.ts';

const domain = 'sip.example.test';

forEachTerminal('ringup linphonerc', (open) => {
  const withTexts = async (...texts: string[]) => {
    const ringup = await open({ RINGUP_SIP_DOMAIN: domain });
    for (const text of texts) assert.equal((await ringup(['space', 'set', domain, `linphonerc=${text}`])).status, 0);
    return ringup;
  };

  test('lists the versions, the newest first, with who published them', async () => {
    const ringup = await withTexts('[net]\nmtu=1300\n', '[net]\nmtu=1400\n');
    const versions = (await ringup(`linphonerc list ${domain} --json`)).json;
    assert.deepEqual(
      versions.map(({ number, actor }: { number: number; actor: string }) => [number, actor]),
      [
        [2, 'command line'],
        [1, 'command line'],
      ],
    );
    assert.match((await ringup(`linphonerc list ${domain}`)).out, /^version +published +by\n2 +\d.* command line\n1 /);
  });

  test('says that a space has no versions yet', async () => {
    const ringup = await withTexts();
    const { out } = await ringup(`linphonerc list ${domain}`);
    assert.equal(out, 'This space has not published a linphonerc yet.\n');
  });

  test('shows a text as it was, however long its lines', async () => {
    const text = `[misc]\nx-line=${'x'.repeat(300)}\n`;
    const ringup = await withTexts(text, '[net]\nmtu=1400\n');
    assert.equal((await ringup(`linphonerc show ${domain} 1`)).out, text);
    assert.equal((await ringup(`linphonerc show ${domain} 1 --json`)).json.linphonerc, text);
  });

  test('restores a text as a new version, and leaves the others', async () => {
    const first = '[net]\nmtu=1300\n';
    const ringup = await withTexts(first, '[net]\nmtu=1400\n');
    assert.equal(
      (await ringup(`linphonerc restore ${domain} 1`)).out,
      `Published version 1 of ${domain} again, as version 3.\n`,
    );
    assert.equal((await ringup(`space show ${domain} --json`)).json.linphonerc, first);
    assert.match((await ringup(`linphonerc restore ${domain} 1`)).out, /nothing was changed\.\n$/);
    assert.equal((await ringup(`linphonerc list ${domain} --json`)).json.length, 3);
  });

  test('says what the linter finds in the text that is restored', async () => {
    const ringup = await withTexts('[net]\nmtu=x\n', '[net]\nmtu=1400\n');
    assert.match((await ringup(`linphonerc restore ${domain} 1`)).err, /mtu/);
  });

  for (const words of [`show ${domain} 9`, `restore ${domain} 9`, `show ${domain} x`, `restore ${domain} 0`]) {
    test(`reports that there is no version for \`${words}\``, async () => {
      const ringup = await withTexts('[net]\nmtu=1300\n');
      const { status, err } = await ringup(`linphonerc ${words}`);
      assert.notEqual(status, 0);
      assert.match(
        err,
        /^This space has no version "\w" of its linphonerc: `\.\/ringup linphonerc list` shows their ids\.\n$/,
      );
      assert.equal((await ringup(`linphonerc list ${domain} --json`)).json.length, 1);
    });
  }

  test('names an unknown space', async () => {
    const ringup = await withTexts();
    assert.match((await ringup('linphonerc list nowhere.test')).err, /There is no space "nowhere\.test"/);
  });
});
