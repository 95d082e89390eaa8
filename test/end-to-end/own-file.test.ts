import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readLinphonerc } from '../../src/lpconfig/read-linphonerc.ts';
import { requirePrograms } from '../support/debian.ts';
import { phones } from '../support/phones.ts';

// The manual says in which points Linphone reads its own file otherwise than Ringup reads a text. Linphone writes its
// file anew when it ends: what it read is what it writes.

const longComment = `#${'x'.repeat(16_382)}`;

const text = `\ufeff[x-mark]
lost=1
[x-values]
blanks=  v
tabs=v\t
spaces=v  \nkept=1
kept=
[x-before]
first=1
\t[x-tab]
second=2
\t# third=3
[x-semicolon]
; old=4
; no key
[x-long]
${longComment}late=5
last=6
`;

/** What the manual says of Ringup. */
const ofRingup = {
  'x-mark': { lost: '1' },
  'x-values': { blanks: 'v', tabs: 'v', spaces: 'v', kept: '' },
  'x-before': { first: '1' },
  'x-tab': { second: '2' },
  'x-long': { last: '6' },
};

/** What it says of Linphone. */
const ofLinphone = {
  'x-values': { blanks: '  v', tabs: 'v\t', spaces: 'v', kept: '1' },
  'x-before': { first: '1', second: '2', '#': '3' },
  'x-semicolon': { ';': '4' },
  'x-long': { late: '5', last: '6' },
};

test('Ringup reads a text as the manual says', () => {
  const { document } = readLinphonerc(text);
  const read = [...document].map(
    ([name, entries]) => [name, [...entries].map(([key, { value }]) => [key, value])] as const,
  );
  assert.deepEqual(Object.fromEntries(read.map(([name, entries]) => [name, Object.fromEntries(entries)])), ofRingup);
});

for (const phone of phones) {
  test(`a ${phone.name} reads its own file as the manual says`, async (t) => {
    if (!requirePrograms(t, phone.programs)) return;
    const furnished = await phone.start({});
    t.after(() => furnished.quit());
    await furnished.quit();
    const { directory } = furnished;
    writeFileSync(join(directory, 'linphonerc'), text + furnished.rc());

    const linphone = await phone.start({ directory });
    t.after(() => linphone.quit());
    await linphone.waitStarted();
    await linphone.quit();
    assert.deepEqual(ownSections(linphone.rc()), ofLinphone);
  });
}

/** Returns our sections of a file that Linphone wrote, byte by byte. */
function ownSections(rc: string): Record<string, Record<string, string>> {
  const sections: Record<string, Record<string, string>> = {};
  let entries: Record<string, string> = {};
  for (const line of rc.split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    const equals = line.indexOf('=');
    if (heading !== undefined) {
      entries = {};
      if (heading.startsWith('x-')) sections[heading] = entries;
    } else if (equals > 0) entries[line.slice(0, equals)] = line.slice(equals + 1);
  }
  return sections;
}
