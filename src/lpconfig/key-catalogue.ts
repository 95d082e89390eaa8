import { closestName } from '../lib/closest-name.ts';

export const keyTypes = [
  'bool',
  'int',
  'float',
  'range',
  'string',
  'enum',
  'list',
  'url',
  'address',
  'address-list',
] as const;
export type KeyType = (typeof keyTypes)[number];

/** Where a key is known from: liblinphone 5.1 and 5.6, the three apps, or nothing but the public documentation. */
export type Knower = '5.1' | '5.6' | 'android' | 'ios' | 'desktop' | 'documentation';

/** What is known about one key. */
export interface KeyFacts {
  /** As the catalogue calls it: `proxy_N` stands for `proxy_0`, `proxy_1` and so on. */
  readonly section: string;
  readonly key: string;
  readonly type: KeyType;
  readonly in: readonly Knower[];
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly default?: string;
  /** `section/key` that took its place, or that is really meant. */
  readonly instead?: string;
  /** Whether its value signs somebody in. */
  readonly secret?: boolean;
  readonly meaning?: string;
}

export interface SectionFacts {
  readonly about: string;
  readonly keys: ReadonlyMap<string, KeyFacts>;
}

export type KeyCatalogue = ReadonlyMap<string, SectionFacts>;

type RawKey = Omit<KeyFacts, 'section' | 'key' | 'type' | 'in'> & { type: string; in: readonly string[] };
type RawCatalogue = Readonly<Record<string, { about: string; keys: Readonly<Record<string, RawKey>> }>>;

let loaded: Promise<KeyCatalogue> | undefined;

/** The known keys, read when they are first asked for: most runs never look at them. */
export function loadKeyCatalogue(): Promise<KeyCatalogue> {
  loaded ??= import('./linphonerc-keys.json', { with: { type: 'json' } }).then((file) => catalogueOf(file.default));
  return loaded;
}

/** The facts on a section by its real name, such as `proxy_0`. */
export function findSection(catalogue: KeyCatalogue, section: string): SectionFacts | undefined {
  return catalogue.get(section) ?? catalogue.get(withoutNumber(section));
}

export function findKey(catalogue: KeyCatalogue, section: string, key: string): KeyFacts | undefined {
  const keys = findSection(catalogue, section)?.keys;
  return keys?.get(key) ?? keys?.get(withoutNumber(key));
}

/** The section that a misspelt one probably stands for. */
export function suggestSection(catalogue: KeyCatalogue, section: string): string | undefined {
  return closest(section, [...catalogue.keys()])?.replace(/_N$/, '_0');
}

/** The key that an unknown one probably stands for: one of its section, else the same word in another, as `section/key`. */
export function suggestKey(catalogue: KeyCatalogue, section: string, key: string): string | undefined {
  const near = closest(key, [...(findSection(catalogue, section)?.keys.keys() ?? [])]);
  if (near !== undefined) return near.replace(/_N$/, '_0');
  const elsewhere = [...catalogue].find(([, { keys }]) => isRead(keys.get(key)));
  return elsewhere === undefined ? undefined : `${elsewhere[0]}/${key}`;
}

/** Whether any Linphone reads it, rather than the documentation alone naming it. */
export function isRead(facts: KeyFacts | undefined): boolean {
  return facts?.in.some((each) => each !== 'documentation') === true;
}

/** `proxy_0` → `proxy_N`: numbers as Linphone writes them, without leading zeros. */
function withoutNumber(name: string): string {
  return name.replace(/_(?:0|[1-9]\d*)$/, '_N');
}

// A short name within a long one is no misspelling of it.
function closest(name: string, names: readonly string[]): string | undefined {
  return closestName(
    name,
    names.filter((each) => Math.abs(each.length - name.length) <= 2),
  );
}

function catalogueOf(raw: RawCatalogue): KeyCatalogue {
  return new Map(
    Object.entries(raw).map(([section, { about, keys }]) => [
      section,
      { about, keys: new Map(Object.entries(keys).map(([key, facts]) => [key, factsOf(section, key, facts)])) },
    ]),
  );
}

function factsOf(section: string, key: string, raw: RawKey): KeyFacts {
  const { type, in: knowers } = raw;
  if (!isKeyType(type) || !knowers.every(isKnower)) throw new Error(`${section}/${key} is of no known type`);
  return { ...raw, section, key, type, in: knowers };
}

function isKeyType(text: string): text is KeyType {
  return keyTypes.some((each) => each === text);
}

function isKnower(text: string): text is Knower {
  return ['5.1', '5.6', 'android', 'ios', 'desktop', 'documentation'].includes(text);
}
