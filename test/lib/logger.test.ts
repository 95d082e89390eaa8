import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, humanLine } from '../../src/lib/logger.ts';

const line = (fields: object): string =>
  humanLine(JSON.stringify({ level: 'info', time: '2026-01-31T12:00:05.000Z', msg: 'request', ...fields }));

test('a line of the log has its time, level, message and fields', () => {
  assert.equal(line({ status: 200, agent: 'Zoë' }), '12:00:05 info  request status=200 agent=Zoë\n');
});

test('control characters in log lines are escaped', () => {
  assert.equal(
    line({ agent: '\u001b[2J\u009b31m\nforged', list: ['\u0085'], 'na\u0007me': 1 }),
    '12:00:05 info  request agent=␛[2J<U+009B>31m␊forged list=["<U+0085>"] na␇me=1\n',
  );
  assert.equal(
    line({ msg: 'a\rb', err: { stack: 'Error: \u009bc\n    at x' } }),
    '12:00:05 info  a␍b\nError: <U+009B>c\n    at x\n',
  );
});

test('a JSON line holds no control character that a terminal would obey, and means the same', () => {
  const lines: string[] = [];
  const log = createLogger('info', { write: (text) => lines.push(text) });
  log.info({ agent: 'Zoë \u009b31m\u007f', 'na\u0085me': 1 }, 'a\u001b\u0080b');
  const [text = ''] = lines;
  assert.doesNotMatch(text, /(?!\n$)\p{Cc}/u);
  assert.match(text, /\\u009b31m\\u007f/);
  const { agent, msg, ...rest } = JSON.parse(text);
  assert.deepEqual([agent, msg, rest['na\u0085me']], ['Zoë \u009b31m\u007f', 'a\u001b\u0080b', 1]);
});
