import type { KeyCatalogue, KeyFacts, KeyType, Knower } from '../src/lpconfig/key-catalogue.ts';
import { code, origin, table } from './markdown.ts';

/** Returns the manual's page about the known keys. */
export function keysPage(catalogue: KeyCatalogue): string {
  const count = [...catalogue.values()].reduce((sum, { keys }) => sum + keys.size, 0);
  return `# Keys of the linphonerc

${origin}
The ${count} keys that Ringup knows, in ${catalogue.size} sections: what they are for, and who reads them. How to write them, and
what \`./ringup lint\` says about them: [The linphonerc](linphonerc.md). \`_N\` stands for a number from 0.

*Read by*: **5.1** and **5.6** are liblinphone 5.1.65 and a preview of 5.6, the library of all apps. As far as we know, the versions
between read what both read; **5.5** is named where it differs. **Android**, **iOS** and **desktop** read the key in the app itself;
with **5.x**, only versions of the app before 6 do. **nobody**: public documentation names the key, but none of these programs reads
it. Defaults are those of the newest version; – means that there is none, or that it depends on the device. Where the meaning is
empty, we do not know it for certain.

The desktop app reads each of its settings from \`KEY/readonly\` if that key exists, and then its user cannot change the setting:
\`ui/disable_chat_feature/readonly=1\`.

${[...catalogue].map(([name, { about, keys }]) => sectionPart(name, about, [...keys.values()])).join('\n')}`;
}

function sectionPart(name: string, about: string, keys: readonly KeyFacts[]): string {
  const heading = `## ${code(name)}\n\n${about}\n`;
  if (keys.length === 0) return heading;
  return `${heading}\n${table(['key', 'value', 'default', 'read by', 'meaning'], keys.map(row))}`;
}

function row({ key, default: value, meaning, instead, secret, ...facts }: KeyFacts): string[] {
  const remarks = [
    meaning,
    instead === undefined ? undefined : `Use ${code(instead)}.`,
    secret === true ? 'Secret.' : undefined,
  ];
  return [
    code(key),
    valueText(facts),
    value === undefined || value === '' ? '–' : code(value),
    facts.in.map((each) => readers[each]).join(', '),
    remarks.filter((each) => each !== undefined).join(' '),
  ];
}

const readers: Readonly<Record<Knower, string>> = {
  '5.1': '5.1',
  '5.5': '5.5',
  '5.6': '5.6',
  android: 'Android',
  ios: 'iOS',
  desktop: 'desktop',
  'android-5': 'Android 5.x',
  'ios-5': 'iOS 5.x',
  'desktop-5': 'desktop 5.x',
  documentation: 'nobody',
};

const typeNames: Readonly<Record<KeyType, string>> = {
  bool: '0 or 1',
  int: 'number',
  decimal: 'number',
  float: 'fraction',
  range: 'number or from-to',
  string: 'text',
  enum: 'word',
  list: 'list',
  url: 'URL',
  address: 'SIP address',
  'address-list': 'SIP addresses',
};

function valueText({ type, values, min, max }: Pick<KeyFacts, 'type' | 'values' | 'min' | 'max'>): string {
  const name = typeNames[type];
  if (values !== undefined) {
    const words = values.map(code).join(', ');
    return type === 'enum' ? words : `${name} of ${words}`;
  }
  if (min !== undefined && max !== undefined) return `${name}, ${min} to ${max}`;
  if (min !== undefined) return `${name}, at least ${min}`;
  return max === undefined ? name : `${name}, at most ${max}`;
}
