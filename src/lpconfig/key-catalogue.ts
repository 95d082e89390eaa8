import { closestName } from '../lib/closest-name.ts';
import { onceFor } from '../lib/once-for.ts';

/** `decimal` is a whole number in which a leading zero does not mean octal. */
const keyTypes = [
  'bool',
  'int',
  'decimal',
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

const oldApps = ['android-5', 'ios-5', 'desktop-5'] as const;
const knowers = ['5.1', '5.5', '5.6', 'android', 'ios', 'desktop', ...oldApps, 'documentation'] as const;

/**
 * Who knows a key: versions of liblinphone, the three apps, their earlier versions 5.x, or only the public
 * documentation.
 */
export type Knower = (typeof knowers)[number];

/** What is known about one key. */
export interface KeyFacts {
  /** The name in the catalogue: `proxy_N` stands for `proxy_0`, `proxy_1` and so on. */
  readonly section: string;
  readonly key: string;
  readonly type: KeyType;
  readonly in: readonly Knower[];
  readonly values?: readonly string[];
  /** Whether the case of `values` is ignored. */
  readonly anyCase?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly default?: string;
  /** The `section/key` to write instead: the key that replaced this one, or the one that people mean by it. */
  readonly instead?: string;
  /** Whether the value is a credential. */
  readonly secret?: boolean;
  readonly meaning?: string;
}

export interface SectionFacts {
  readonly about: string;
  /** Whether the section allows any key. */
  readonly free?: boolean;
  readonly keys: ReadonlyMap<string, KeyFacts>;
}

export type KeyCatalogue = ReadonlyMap<string, SectionFacts>;

type RawKey = Omit<KeyFacts, 'section' | 'key' | 'type' | 'in'> & { type: string; in: readonly string[] };
type RawSection = Pick<SectionFacts, 'about' | 'free'> & { keys: Readonly<Record<string, RawKey>> };
type RawCatalogue = Readonly<Record<string, RawSection>>;

let loaded: Promise<KeyCatalogue> | undefined;

/** Returns the catalogue of known keys. The first call loads it, because most runs do not need it. */
export function loadKeyCatalogue(): Promise<KeyCatalogue> {
  loaded ??= import('./linphonerc-keys.json', { with: { type: 'json' } }).then((file) => catalogueOf(file.default));
  return loaded;
}

/** Returns the facts about a section. `section` is the name in a document, such as `proxy_0`. */
export function findSection(catalogue: KeyCatalogue, section: string): SectionFacts | undefined {
  return catalogue.get(section) ?? catalogue.get(withoutNumber(section));
}

export function findKey(catalogue: KeyCatalogue, section: string, key: string): KeyFacts | undefined {
  const keys = findSection(catalogue, section)?.keys;
  return keys?.get(key) ?? keys?.get(withoutNumber(key)) ?? (keys && findLocked(keys, key));
}

const lock = '/readonly';

/**
 * Finds a key that ends in `/readonly`. The desktop app prefers this form of a setting, and its user then cannot change
 * it.
 */
function findLocked(keys: SectionFacts['keys'], key: string): KeyFacts | undefined {
  const facts = key.endsWith(lock) ? keys.get(key.slice(0, -lock.length)) : undefined;
  const readers = facts?.in.filter((each) => each === 'desktop' || each === 'desktop-5') ?? [];
  return facts === undefined || readers.length === 0 ? undefined : { ...facts, key, in: readers };
}

/** Matches names that look like those of credentials, such as `turn_password`. */
const secretName =
  /(?:passw(?:or)?d|passphrase|(?:^|[_.:-])(?:pass|pwd|pw|pin|secret|token|(?:api|auth|access)[_-]?key|ha1))(?:_\d+)?(?:\/readonly)?$/i;

/**
 * Returns whether the value of a key is a credential. If the key is unknown in this section, returns whether a
 * credential has its name in another section or the name looks like that of a credential.
 */
export function isSecretKey(catalogue: KeyCatalogue, section: string, key: string): boolean {
  const known = findKey(catalogue, section, key);
  if (known !== undefined) return known.secret === true;
  const names = secretNames(catalogue);
  return names.has(key) || names.has(withoutNumber(key)) || secretName.test(key);
}

const secretNames = onceFor((catalogue: KeyCatalogue): ReadonlySet<string> => {
  const all = [...catalogue.values()].flatMap(({ keys }) => [...keys.values()]);
  return new Set(all.filter(({ secret }) => secret === true).map(({ key }) => key));
});

/** Returns the section that a misspelled name probably means. */
export function suggestSection(catalogue: KeyCatalogue, section: string): string | undefined {
  return closest(section, [...catalogue.keys()])?.replace(/_N$/, '_0');
}

/**
 * Returns the key that an unknown one probably means: a key of the same section or, if only one other section has
 * exactly this key, `section/key`.
 */
export function suggestKey(catalogue: KeyCatalogue, section: string, key: string): string | undefined {
  const near = closest(key, [...(findSection(catalogue, section)?.keys.keys() ?? [])]);
  if (near !== undefined) return near.replace(/_N$/, '_0');
  const [elsewhere, ...more] = [...catalogue].filter(([, { keys }]) => isOfToday(keys.get(key)));
  return elsewhere === undefined || more.length > 0 ? undefined : `${elsewhere[0]}/${key}`;
}

// Returns whether to suggest a key. Keys that only old apps read are not suggested.
function isOfToday(facts: KeyFacts | undefined): boolean {
  return facts !== undefined && isRead(facts) && !isOfOldApps(facts);
}

/** Returns whether any version of Linphone reads the key. False for keys that only the documentation mentions. */
export function isRead(facts: KeyFacts | undefined): boolean {
  return facts?.in.some((each) => each !== 'documentation') === true;
}

/** Returns whether a current Linphone reads the key: the newest liblinphone or a current app. */
export function isCurrent(facts: KeyFacts): boolean {
  return facts.in.some(
    (each) => each === '5.5' || each === '5.6' || each === 'android' || each === 'ios' || each === 'desktop',
  );
}

/** Returns whether only the earlier apps 5.x read the key. */
export function isOfOldApps(facts: KeyFacts): boolean {
  return facts.in.every((each) => oldApps.some((app) => app === each));
}

/** Converts `proxy_0` to `proxy_N`. Matches numbers as Linphone writes them, without leading zeros. */
function withoutNumber(name: string): string {
  return name.replace(/_(?:0|[1-9]\d*)$/, '_N');
}

// A short name inside a long one is not a misspelling of it.
function closest(name: string, names: readonly string[]): string | undefined {
  return closestName(
    name,
    names.filter((each) => Math.abs(each.length - name.length) <= 2),
  );
}

function catalogueOf(raw: RawCatalogue): KeyCatalogue {
  return new Map(
    Object.entries(raw).map(([section, { keys, ...facts }]) => [
      section,
      { ...facts, keys: new Map(Object.entries(keys).map(([key, facts]) => [key, factsOf(section, key, facts)])) },
    ]),
  );
}

function factsOf(section: string, key: string, raw: RawKey): KeyFacts {
  const { type, in: knowers } = raw;
  if (!isKeyType(type) || !knowers.every(isKnower)) throw new Error(`${section}/${key} has an unknown type or source`);
  return { ...raw, section, key, type, in: knowers };
}

function isKeyType(text: string): text is KeyType {
  return keyTypes.some((each) => each === text);
}

function isKnower(text: string): text is Knower {
  return knowers.some((each) => each === text);
}
