import type { Section } from './document.ts';
import { type LintSubject, numberAfter, numbered, type Remark, valueIn } from './lint-check.ts';
import { policiesReferredTo } from './lint-references.ts';

const stops = 'Linphone stops here and reads neither this section nor those with higher numbers.';

interface Series {
  readonly prefix: string;
  /** Whether Linphone reads the numbers from 0 to the first gap. It finds the other sections by any number. */
  readonly counted: boolean;
  /** The keys that a section must have, or Linphone does not use it. */
  readonly names: readonly string[];
  /** Keys that replace these; one of them is enough. */
  readonly instead?: readonly string[];
  /** What happens to a section without these keys. */
  readonly effect: string;
}

const series: readonly Series[] = [
  { prefix: 'proxy_', counted: true, names: ['reg_identity'], effect: 'The phone has no such account.' },
  {
    prefix: 'auth_info_',
    counted: true,
    names: ['username'],
    instead: [
      'access_token',
      'refresh_token',
      'client_id',
      'authorization_server',
      'token_endpoint',
      'client_cert_chain',
      'client_cert_key',
    ],
    effect: 'The phone looks credentials up by username and does not find these.',
  },
  {
    prefix: 'nat_policy_',
    counted: true,
    names: ['ref'],
    effect: 'No nat_policy_ref can name it, so the phone does not use it.',
  },
  { prefix: 'friend_', counted: true, names: ['url'], effect: 'The phone does not show this contact.' },
  { prefix: 'call_log_', counted: true, names: ['from', 'to'], effect: 'The phone does not show this call.' },
  { prefix: 'audio_codec_', counted: true, names: ['mime'], effect: stops },
  { prefix: 'video_codec_', counted: true, names: ['mime'], effect: stops },
  { prefix: 'text_codec_', counted: true, names: ['mime'], effect: stops },
  {
    prefix: 'remote_contact_directory_',
    counted: false,
    names: ['type', 'uri'],
    effect: 'The phone does not search this directory.',
  },
  { prefix: 'carddav_', counted: false, names: ['server_url'], effect: 'The phone does not search this directory.' },
  { prefix: 'ldap_', counted: false, names: ['server'], effect: 'The phone does not search this directory.' },
];

/** Checks sections that Linphone reads from 0 to the first gap. */
export function* checkNumbering(subject: LintSubject): Generator<Remark> {
  const { document } = subject;
  const referredTo = policiesReferredTo(document);
  for (const { prefix, counted } of series) {
    if (!counted) continue;
    const found = numbered(document, prefix);
    const indexes = new Set(found.map(({ index }) => index));
    if (subject.accountAdded && prefix === 'proxy_') indexes.add(0);
    // The account's credentials use the first free number.
    if (subject.accountAdded && prefix === 'auth_info_') indexes.add(firstMissing(indexes));
    const missing = firstMissing(indexes);
    const afterHole = found.find(
      ({ name, index, section }) => index > missing && isFilled(section) && !referredTo.has(name),
    );
    if (afterHole === undefined) continue;
    yield hole(afterHole.name, undefined, `${afterHole.name} exists without ${prefix}${missing}`);
  }
  const headers = new Set(
    [...(document.get('misc')?.keys() ?? [])].flatMap((key) => numberAfter(key, 'config-uri-header_') ?? []),
  );
  const missing = firstMissing(headers);
  const lost = [...headers].filter((index) => index > missing).sort((a, b) => a - b)[0];
  if (lost === undefined) return;
  const key = `config-uri-header_${lost}`;
  yield hole('misc', key, `${key} exists without config-uri-header_${missing}`);
}

/** Finds numbered sections without the keys that identify them. An empty key deletes, which is intended. */
export function* checkNames(subject: LintSubject): Generator<Remark> {
  const { document } = subject;
  const referredTo = policiesReferredTo(document);
  for (const { prefix, names, instead = [], effect } of series) {
    for (const { name: section, index, section: entries } of numbered(document, prefix)) {
      // The account that is added has the missing keys.
      if (prefix === 'proxy_' && index === 0 && subject.accountAdded) continue;
      if (referredTo.has(section)) continue;
      if (!isFilled(entries)) continue;
      if (instead.some((key) => valueIn(entries, key) !== undefined)) continue;
      const lacking = names.filter((key) => !entries.has(key));
      if (lacking.length === 0) continue;
      const message = `${section} has no ${lacking.join(' and no ')}`;
      const remedy = `Add ${lacking.join(' and ')}, or remove the section.`;
      yield { rule: 'section-unnamed', section, message, effect, remedy };
    }
  }
}

/** Finds directories that Linphone 5.5 ignores: new kinds beside `ldap_N`, and CardDAV beside any LDAP. */
export function* checkDirectories({ document }: LintSubject): Generator<Remark> {
  const rule = 'ldap-drops-directories';
  const ofType = (type: string) =>
    used(document, 'remote_contact_directory_').filter(
      (name) => valueIn(document.get(name), 'type')?.toLowerCase() === type,
    );
  const old = used(document, 'ldap_');
  const [ldap] = [...old, ...ofType('ldap')];
  const [other] = old.length > 0 ? used(document, 'remote_contact_directory_') : [];
  const [dropped = other] = [...ofType('carddav'), ...used(document, 'carddav_')];
  if (ldap === undefined || dropped === undefined) return;
  yield { rule, section: ldap, message: `${ldap} stands beside ${dropped}` };
}

function used(document: LintSubject['document'], prefix: string): string[] {
  return numbered(document, prefix)
    .filter(({ section }) => isFilled(section))
    .map(({ name }) => name);
}

/** Returns whether the section does more than delete keys. */
function isFilled(section: Section): boolean {
  return [...section.values()].some(({ value }) => value !== '');
}

function firstMissing(indexes: ReadonlySet<number>): number {
  let index = 0;
  while (indexes.has(index)) index += 1;
  return index;
}

function hole(section: string, key: string | undefined, message: string): Remark {
  return { rule: 'numbering-hole', section, ...(key === undefined ? {} : { key }), message };
}
