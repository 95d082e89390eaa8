import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenStreams } from '../../src/http/open-streams.ts';

function aStream(name: string, ended: string[]) {
  return { end: (again: boolean) => void ended.push(again ? `${name} again` : name) };
}

test('opening one stream too many ends the oldest of the same holder', () => {
  const open = new OpenStreams();
  const ended: string[] = [];
  const session = { key: 'session 1', max: 2 };
  for (const name of ['a', 'b', 'c']) open.add(aStream(name, ended), [session, { key: 'address', max: 9 }]);
  assert.deepEqual(ended, ['a']);
  open.add(aStream('of another', ended), [{ key: 'session 2', max: 2 }]);
  assert.deepEqual(ended, ['a']);
});

test('the streams of each holder are counted separately', () => {
  const open = new OpenStreams();
  const ended: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    open.add(aStream(name, ended), [
      { key: `session ${name}`, max: 1 },
      { key: 'address', max: 2 },
    ]);
  }
  assert.deepEqual(ended, ['a']);
});

test('closed streams leave nothing in memory', () => {
  const open = new OpenStreams();
  const holders = [
    { key: 'session 1', max: 4 },
    { key: 'address', max: 4 },
  ];
  const streams = Array.from({ length: 20 }, () => aStream('', []));
  for (const stream of streams) open.add(stream, holders);
  for (const stream of streams) open.remove(stream, holders);
  assert.equal(open.size, 0);
  assert.equal(open.holders, 0);
});

test('all streams end when the server stops, and may be opened again elsewhere', () => {
  const open = new OpenStreams();
  const ended: string[] = [];
  open.add(aStream('a', ended), []);
  open.close();
  open.add(aStream('b', ended), []);
  assert.deepEqual(ended, ['a again', 'b again']);
});
