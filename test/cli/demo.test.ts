import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { runCli } from '../../src/cli/cli.ts';
import { textWidth } from '../../src/lib/text-width.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

interface Demo {
  readonly url: string;
  out(): string;
  err(): string;
  /** Ctrl-C; answers the exit status. */
  interrupt(): Promise<number>;
}

async function startDemo(...options: string[]): Promise<Demo> {
  return startDemoIn(undefined, options);
}

async function startDemoIn(columns: number | undefined, options: readonly string[] = []): Promise<Demo> {
  let [out, err] = ['', ''];
  let interrupt = (): void => {};
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve;
  });
  const ended = runCli(['demo', ...options], {
    // What is set for the real server is not for the demonstration.
    environment: { RINGUP_DATA_DIR: '/nonexistent', RINGUP_LISTEN: 'nowhere' },
    colour: columns !== undefined,
    isTerminal: columns !== undefined,
    ...(columns === undefined ? {} : { columns }),
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readInput: async () => '',
    readBytes: async () => new Uint8Array(),
    interrupted: () => interrupted,
  });
  const address = () => /https?:\/\/\S+\/provisioning\/[A-Za-z0-9]{28}/.exec(out)?.[0];
  assert.ok(await waitUntil(() => address() !== undefined), `${out}${err}`);
  return {
    url: address() ?? '',
    out: () => out,
    err: () => err,
    interrupt: () => {
      interrupt();
      return ended;
    },
  };
}

// One database: the demonstration always has SQLite.
describe('ringup demo', () => {
  test('shows the account, its code and each request in words, and leaves nothing behind', async (t) => {
    const folder = tempDirectory();
    const { TMPDIR } = process.env;
    t.after(() => {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    });
    process.env.TMPDIR = folder;
    const demo = await startDemo();
    assert.match(demo.out(), /Created the account alice in the space sip\.example\.test/);
    assert.match(demo.out(), /▄▄▄▄▄/);
    const { origin } = new URL(demo.url);
    const asks: readonly (readonly [path: string, headers: Record<string, string>, words: RegExp])[] = [
      [demo.url, { accept: 'text/html' }, /→ 200: the page for browsers; the code is not used up\n$/],
      [
        demo.url.replace('/provisioning/', '/provisioning/qrcode/'),
        {},
        /→ 200: the QR code; this does not use it up\n$/,
      ],
      [
        demo.url,
        { 'user-agent': 'WhatsApp/2' },
        /→ 200: a page without the code, for link previews and scanners; the code is not used up\n$/,
      ],
      [demo.url, { referer: 'https://mail.example.com/' }, /because this is not a phone; the code is not used up\n$/],
      [demo.url, {}, /→ 200: alice's account; the code is now used up\n$/],
      [demo.url, {}, /→ 200: the settings without an account, because this code is unknown or used up\n$/],
      [`${origin}/provisioning`, {}, /→ 200: the settings without an account\n$/],
      [`${origin}/contacts/vcard`, {}, /→ 401: the client must sign in \(HTTP Digest\)\n$/],
      [`${origin}/nowhere`, {}, /→ 404 Not Found\n$/],
    ];
    for (const [url, headers, words] of asks) {
      const shown = demo.out().length;
      await (await fetch(url, { headers: { 'user-agent': 'Phone/1.0 \x9b31m', ...headers } })).arrayBuffer();
      assert.ok(await waitUntil(() => words.test(demo.out().slice(shown))), demo.out().slice(shown));
      const line = demo.out().slice(shown);
      const agent = headers['user-agent'] === undefined ? String.raw`Phone\/1\.0 \?31m` : 'WhatsApp/2';
      assert.match(line, new RegExp(`^\\d\\d:\\d\\d:\\d\\d {2}GET /.* {2}\\(${agent}\\)\\n`));
      assert.doesNotMatch(line, /[A-Za-z0-9]{17}/, 'the secret is shortened');
    }
    assert.equal(await demo.interrupt(), 0);
    assert.equal(demo.err(), '');
    await assert.rejects(fetch(demo.url));
    assert.deepEqual(readdirSync(folder), []);
  });

  test('breaks its lines between words at the width of the terminal, but breaks no address', async () => {
    const demo = await startDemoIn(80);
    await (await fetch(demo.url, { headers: { 'user-agent': 'WhatsApp/2' } })).arrayBuffer();
    assert.ok(await waitUntil(() => demo.out().includes('WhatsApp') && demo.out().endsWith('used up\n')));
    for (const line of demo.out().split('\n')) assert.ok(textWidth(line) <= 80, line);
    assert.ok(demo.out().includes(`\n  curl ${demo.url}\n`));
    assert.ok(demo.out().includes('\u001b[38;5;16;48;5;231m'), 'the code is black on white');
    assert.equal(await demo.interrupt(), 0);
  });

  test('finds a port of its own for each of two demos at once', async () => {
    const demos = await Promise.all([startDemo(), startDemo()]);
    const [first, second] = demos.map(({ url }) => new URL(url).port);
    assert.notEqual(first, second);
    assert.deepEqual(await Promise.all(demos.map((demo) => demo.interrupt())), [0, 0]);
  });

  test('prints one JSON value to standard output with --json', async () => {
    const demo = await startDemo('--json');
    assert.equal((await fetch(demo.url)).status, 200);
    assert.ok(await waitUntil(() => demo.err().includes("alice's account")));
    await demo.interrupt();
    assert.deepEqual(JSON.parse(demo.out()), { provisioning_url: demo.url });
  });
});
