import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requirePrograms } from './debian.ts';

function recordSkips(): { messages: string[]; skip(message: string): void } {
  const messages: string[] = [];
  return { messages, skip: (message) => void messages.push(message) };
}

const missing = { sh: 'dash', 'no-such-program': 'a-package', 'none-either': 'a-package' };
const message = 'no-such-program, none-either not found: apt-get install a-package';

test('a test whose programs are all installed runs', () => {
  const t = recordSkips();
  assert.equal(requirePrograms(t, { sh: 'dash' }, { CI: 'true' }), true);
  assert.deepEqual(t.messages, []);
});

test('a test whose programs are missing is skipped, saying what to install', () => {
  const t = recordSkips();
  assert.equal(requirePrograms(t, missing, {}), false);
  assert.deepEqual(t.messages, [message]);
});

test('a missing program that no package has is named with the command that makes it', () => {
  const t = recordSkips();
  const made = {
    'no-such-program': 'a-package',
    '/no/such/program': { run: 'make-it' },
    '/no/other': { run: 'make-it' },
  };
  assert.equal(requirePrograms(t, made, {}), false);
  assert.deepEqual(t.messages, [
    'no-such-program, /no/such/program, /no/other not found: apt-get install a-package; make-it',
  ]);
});

test('a missing program is a failure with CI=true', () => {
  const t = recordSkips();
  assert.throws(() => requirePrograms(t, missing, { CI: 'true' }), { message });
  assert.deepEqual(t.messages, []);
});
