import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textWidth } from '../../src/lib/text-width.ts';
import { forEachTerminal } from '../support/cli.ts';

forEachTerminal('the width of what commands print', (open) => {
  const lists = [
    'account list',
    'account show alice',
    'space list',
    'space show sip.example.test',
    'token list alice',
    'api-key list',
    'contact list alice',
    'contact-list list',
    'contact-list show 1',
    'device list alice',
    'events',
    'token issue alice --expires 1h',
    'account password alice',
  ];

  async function prepared() {
    const ringup = await open({ RINGUP_PUBLIC_URL: 'https://ringup.example.test' });
    const long = 'a-very-long-user-name-for-an-office-far-away';
    await ringup(['account', 'add', long, '--display-name', '日本語の名前 '.repeat(12), '--activated']);
    await ringup(['account', 'add', 'alice', '--display-name', 'Alice '.repeat(15), '--activated']);
    await ringup(['api-key', 'create', long, '--name', 'a key for many things '.repeat(5), '--expires', '30d']);
    await ringup(['contact', 'add', 'alice', long]);
    await ringup([
      'contact-list',
      'add',
      'Everybody far away '.repeat(6),
      '--description',
      'For many things '.repeat(9),
    ]);
    await ringup(['contact-list', 'join', '1', 'alice', long]);
    return ringup;
  }

  test('is that of the terminal, and lines break between words', async () => {
    const ringup = await prepared();
    for (const columns of [60, 80, 200]) {
      for (const words of [...lists, ...(columns < 80 ? [] : ['account --help', 'account add --help'])]) {
        const { status, out } = await ringup.withColumns(columns)(words);
        assert.equal(status, 0, words);
        for (const line of out.split('\n').filter((each) => /\S\s+\S/.test(each))) {
          assert.ok(textWidth(line) <= columns, `${words}, ${columns}: ${line}`);
        }
      }
    }
  });

  test('is 80 columns for tables without a terminal, and sentences stay on one line', async () => {
    const ringup = await prepared();
    for (const line of (await ringup('account list')).out.split('\n')) assert.ok(textWidth(line) <= 80, line);
    assert.equal((await ringup('events alice --kind account-created')).out.split('\n').length, 2);
  });

  test('is the same for what the linter finds', async () => {
    const ringup = await open();
    const widest = ({ out }: { readonly out: string }) => Math.max(...out.split('\n').map(textWidth));
    const lint = (terminal: typeof ringup | ReturnType<typeof ringup.withColumns>, more = '') =>
      terminal(`lint - ${more}`, '[sip]\n; an old line\n');
    assert.ok(widest(await lint(ringup)) <= 80);
    assert.ok(widest(await lint(ringup.withColumns(60))) <= 60);
    assert.ok(widest(await lint(ringup.withColumns(200))) > 80);
    assert.ok(widest(await lint(ringup, '--wide')) > 80);
  });

  test('is unlimited with --wide', async () => {
    const ringup = await prepared();
    for (const words of lists) {
      const [inTerminal, elsewhere] = [
        await ringup.withColumns(60)(`${words} --wide`),
        await ringup(`${words} --wide`),
      ];
      const lineCount = (text: string) => text.split('\n').length;
      assert.equal(lineCount(inTerminal.out), lineCount(elsewhere.out), words);
      assert.ok(!inTerminal.out.includes('…'), words);
    }
    const { out } = await ringup.withColumns(60)('account list --wide');
    assert.ok(out.includes('a-very-long-user-name-for-an-office-far-away@sip.example.test'));
  });
});
