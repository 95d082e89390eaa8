import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../src/errors.ts';
import type { DocumentEditor, Hooks, SectionEditor } from '../../src/hooks/contract.ts';
import type { HookFailure } from '../../src/hooks/hook-failure.ts';
import type { HookLimits } from '../../src/hooks/run-hooks.ts';
import { alice, provisioning, token } from './provision.ts';

const limits: HookLimits = { eachMs: 40, togetherMs: 60_000 };

/** What the caller gets and what the log is told. */
async function failure(hooks: Hooks, own: HookLimits = limits): Promise<{ error: AppError; logged: HookFailure }> {
  const logged: HookFailure[] = [];
  const { xml } = provisioning(hooks, { limits: own, onFailure: (each) => logged.push(each) });
  const error = await xml().then(
    () => assert.fail('the hook did not fail'),
    (thrown: unknown) => (thrown instanceof AppError ? thrown : assert.fail(String(thrown))),
  );
  assert.equal(error.code, 'hook-failed');
  assert.equal(error.kind, 'failed');
  assert.equal(logged.length, 1);
  return { error, logged: logged[0] ?? assert.fail() };
}

/** Plain JavaScript may call with anything. */
function setAnything(section: SectionEditor, ...parameters: unknown[]): void {
  Reflect.apply(section.set, section, parameters);
}

describe('a hook that fails', () => {
  const line = 'a\nb=[injected]';
  const cases: Record<string, { hooks: Hooks; told: RegExp }> = {
    'it throws': {
      hooks: {
        document() {
          throw new Error('no such department');
        },
      },
      told: /^Error: no such department\n {4}at .*hook-failures\.test\.ts/,
    },
    'it rejects': {
      hooks: { document: async () => Promise.reject(new TypeError('late')) },
      told: /^TypeError: late\n/,
    },
    'it throws something that is not an Error': {
      hooks: { document: () => Promise.reject('just words') },
      told: /thrown, but not an Error: 'just words'/,
    },
    'its error has a cause': {
      hooks: { document: () => Promise.reject(new Error('outer', { cause: new Error('inner') })) },
      told: /^Error: outer\n[\s\S]*\ncaused by Error: inner\n {4}at/,
    },
    'it sets a value with a line break': {
      hooks: { document: (document) => document.section('sip').set('a', line) },
      told: /The value of entry "a" of section "sip" must not contain control characters \(U\+000A\)\./,
    },
    'it sets a value that is too long': {
      hooks: { document: (document) => document.section('sip').set('a', 'x'.repeat(15_999)) },
      told: /The value of entry "a" of section "sip" must be at most 16000 bytes/,
    },
    'it sets half a surrogate pair': {
      hooks: { document: (document) => document.section('sip').set('a', '\ud83d') },
      told: /The value of entry "a" of section "sip" must not contain an unpaired surrogate/,
    },
    'it sets a number as a value': {
      hooks: { proxy: (section) => setAnything(section, 'reg_expires', 600) },
      told: /The value of entry "reg_expires" of section "proxy_0" must be text\./,
    },
    'it sets an entry whose name is not allowed': {
      hooks: { proxy: (section) => section.set('reg expires', '600') },
      told: /The name of entry "reg expires" of section "proxy_0" must be 1 to 100 characters of/,
    },
    'it sets an entry without a name': {
      hooks: { proxy: (section) => setAnything(section) },
      told: /The name of entry "undefined" of section "proxy_0" must be/,
    },
    'it names a section that is not allowed': {
      hooks: { document: (document) => document.section('a]\n[b') },
      told: /The section "a\]␊\[b" must be 1 to 100 characters of/,
    },
    'its overwrite is neither true nor false': {
      hooks: { proxy: (section) => setAnything(section, 'reg_expires', '600', { overwrite: 'no' }) },
      told: /The "overwrite" of entry "reg_expires" of section "proxy_0" must be true or false\./,
    },
    'it changes the facts that it is shown': {
      hooks: { document: (_, { account }) => Object.assign(account ?? {}, { admin: true }) },
      told: /Cannot assign to read only property 'admin'/,
    },
    'it takes too long': { hooks: { document: () => sleep(500) }, told: /The hook took longer than 0\.04 s\./ },
    'it never ends': { hooks: { document: () => new Promise(() => {}) }, told: /The hook took longer than 0\.04 s\./ },
  };
  for (const [title, { hooks, told }] of Object.entries(cases)) {
    test(`refuses the request if ${title}`, async () => {
      const { error, logged } = await failure(hooks);
      const hook = hooks.proxy === undefined ? 'document' : 'proxy';
      assert.equal(error.message, `The hook "${hook}" failed. Nothing was changed; the log says why.`);
      assert.ok(error.cause instanceof Error);
      const { stack, ...where } = logged;
      assert.deepEqual(where, {
        hook,
        section: hook === 'proxy' ? 'proxy_0' : null,
        space: 'sip.example.com',
        accountId: 7,
      });
      assert.match(stack, told);
      assert.doesNotMatch(stack, /injected/);
    });
  }

  test('is logged without an account if it ran for a base document', async () => {
    const logged: HookFailure[] = [];
    const hooks = { document: () => Promise.reject(new Error('broken')) };
    await assert.rejects(provisioning(hooks, { onFailure: (each) => logged.push(each) }).base, { code: 'hook-failed' });
    assert.deepEqual(
      logged.map(({ accountId }) => accountId),
      [null],
    );
  });

  test('is the last one that runs', async () => {
    let runs = 0;
    await failure({
      proxy() {
        runs += 1;
        throw new Error('broken');
      },
      document: () => assert.fail('must not run'),
    });
    assert.equal(runs, 1);
  });

  test('is logged without the secrets that it was given', async () => {
    const { error, logged } = await failure({
      auth(_, { credentials, request }) {
        throw new Error(`no luck with ${JSON.stringify(credentials)} at ${request.url}`, {
          cause: new Error(alice.external?.ha1s[0]?.ha1 ?? assert.fail()),
        });
      },
    });
    assert.match(logged.stack, /no luck with .*"ha1":"…"} at \/provisioning\/…/);
    const told = [logged.stack, error.message, String(error.cause instanceof Error ? error.cause.stack : '')].join();
    const secrets = [token, ...alice.ha1s, ...(alice.external?.ha1s ?? [])].map((each) =>
      typeof each === 'string' ? each : each.ha1,
    );
    for (const secret of secrets) assert.ok(!told.includes(secret), secret);
  });
});

describe('the time limit of hooks', () => {
  test('aborts the signal on time, and not before', async () => {
    const signals: AbortSignal[] = [];
    const hooks: Hooks = {
      proxy: (_, { signal }) => void signals.push(signal),
      document: (_, { signal }) => {
        signals.push(signal);
        return sleep(3_600_000, undefined, { signal });
      },
    };
    const { logged } = await failure(hooks);
    assert.match(logged.stack, /The hook took longer/);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [false, false, true],
    );
    assert.equal(signals[2]?.reason.name, 'TimeoutError');
  });

  test('is two seconds for a hook and five for all hooks of one document by default', async () => {
    const clock = { now: 0 };
    const started: string[] = [];
    const { xml } = provisioning(
      {
        auth(section) {
          started.push(section.name);
          clock.now += 1_600;
        },
        document: () => new Promise(() => {}),
      },
      { elapsed: () => clock.now },
    );
    await assert.rejects(xml, causedBy(/The hooks took longer than 5 s together\./));
    assert.deepEqual(started, ['auth_info_0', 'auth_info_1', 'auth_info_2']);

    await assert.rejects(
      provisioning({ document: () => new Promise(() => {}) }).xml,
      causedBy(/The hook took longer than 2 s\./),
    );
  });

  test('does not stop a hook that blocks longer than all hooks may, but later hooks cannot wait any more', async () => {
    const clock = { now: 0 };
    const proxy = (section: SectionEditor): void => {
      clock.now += 60_000;
      section.set('reg_expires', '600');
    };
    const blocked = provisioning({ proxy }, { elapsed: () => clock.now });
    assert.match(await blocked.xml(), /reg_expires/);
    const waiting = provisioning({ proxy, document: () => sleep(100) }, { elapsed: () => clock.now });
    await assert.rejects(waiting.xml, causedBy(/5 s together/));
  });

  test('keeps a late hook from changing the document, and the failure of that hook affects nothing else', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const outcomes: string[] = [];
    const late = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    await failure({
      async document(document, { signal }) {
        signal.addEventListener('abort', () => attempt(outcomes, document));
        await late.promise;
        attempt(outcomes, document);
        over.resolve();
        throw new Error('too late to matter');
      },
    });
    late.resolve();
    await over.promise;
    // A rejection that nobody handles is told after the microtasks.
    await setImmediate();
    process.off('unhandledRejection', listener);
    assert.deepEqual(outcomes, Array(6).fill('refused'));
    assert.deepEqual(unhandled, []);
  });

  test('refuses changes to the document by what a hook left running', async () => {
    const outcomes: string[] = [];
    let over: Promise<void> = Promise.resolve();
    const { xml } = provisioning({
      proxy(section, { document }) {
        if (section.name === 'proxy_0') over = sleep(1).then(() => attempt(outcomes, document));
      },
      document: () => sleep(20),
    });
    assert.doesNotMatch(await xml(), /late/);
    await over;
    assert.deepEqual(outcomes, Array(3).fill('refused'));
  });
});

function causedBy(message: RegExp) {
  return (error: unknown) => error instanceof AppError && message.test(String(error.cause));
}

function attempt(outcomes: string[], document: DocumentEditor): void {
  const changes = [
    () => document.section('late').set('a', '1'),
    () => document.section('proxy_0').remove('reg_identity'),
    () => document.removeSection('proxy_0'),
  ];
  for (const change of changes) {
    try {
      change();
      outcomes.push('done');
    } catch (error) {
      outcomes.push(/can no longer be changed/.test(String(error)) ? 'refused' : String(error));
    }
  }
}
