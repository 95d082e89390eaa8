import { type ComplaintEntry, withFacts } from './complaint-entry.ts';
import { quoteText } from './quote-text.ts';

/** The type names of JSON Schema, in words. */
const typeWords: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'an object',
};

interface PatternFacts {
  readonly pattern: string;
  readonly example?: string | undefined;
  readonly setting?: string | undefined;
  /** What the pattern means, for people who do not read patterns. */
  readonly means?: PatternMeaning;
}

const patternWords = {
  'mail-address': 'must be one mail address',
  'usual-username': 'may have only small letters without accents, digits and + _ . -, at most 64 of them',
};

export type PatternMeaning = keyof typeof patternWords;

export function isPatternMeaning(value: unknown): value is PatternMeaning {
  return typeof value === 'string' && Object.hasOwn(patternWords, value);
}

/** Complaints about a field's form, its value, or its combination with other fields. */
export const fieldComplaints = {
  required: 'is required',
  'or-required': withFacts(({ other }: { other: string }) => `or ${other} is required`, { other: 'ha1' }),
  'unknown-field': 'is not a known field',
  'read-only': 'is read-only: leave it out, or send its current value',
  'wrong-type': withFacts(
    ({ types }: { types: readonly string[] }) => `must be ${types.map((type) => typeWords[type] ?? type).join(' or ')}`,
    { types: ['string', 'null'] },
  ),
  'wrong-form': withFacts(({ keyword }: { keyword: string }) => `has the wrong form (${keyword})`, {
    keyword: 'anyOf',
  }),
  'too-short': withFacts(
    ({ min, setting }: { min: number; setting?: string | undefined }) =>
      `must have at least ${counted(min, 'character')}${setBy(setting)}`,
    { min: 8 },
  ),
  'too-long': withFacts(({ max }: { max: number }) => `must not have more than ${counted(max, 'character')}`, {
    max: 120,
  }),
  'too-few': withFacts(({ min }: { min: number }) => `must have at least ${counted(min, 'item')}`, { min: 1 }),
  'too-many': withFacts(({ max }: { max: number }) => `must not have more than ${counted(max, 'item')}`, { max: 1000 }),
  duplicates: 'must not have duplicate items',
  'below-minimum': withFacts(({ min }: { min: number }) => `must be at least ${min}`, { min: 0 }),
  'above-maximum': withFacts(({ max }: { max: number }) => `must be at most ${max}`, { max: 600 }),
  'not-one-of': withFacts(({ allowed }: { allowed: readonly string[] }) => `must be one of ${allowed.join(', ')}`, {
    allowed: ['UDP', 'TCP', 'TLS'],
  }),
  'no-match': withFacts(
    ({ pattern, example, setting, means }: PatternFacts) =>
      `${means === undefined ? `must match ${pattern}` : patternWords[means]}${example === undefined ? '' : `, such as ${example}`}${setBy(setting)}`,
    { pattern: '^[0-9]{3}$' },
  ),
  'pattern-unreadable': withFacts(
    ({ pattern }: { pattern: string }) =>
      `cannot be checked: first change the username_pattern of the space, ${pattern}`,
    { pattern: '^(?=[a-z])' },
  ),
  'not-a-count': withFacts(
    ({ min, max }: { min: number; max: number }) => `must be a whole number from ${min} to ${max}`,
    { min: 1, max: 100 },
  ),
  'not-a-duration': withFacts(durationSentence, { from: '1m', to: '366d', examples: ['90m', '12h'], forever: '0' }),
  'not-a-future-time': withFacts(
    ({ maxDays }: { maxDays: number }) =>
      `must be a time within the next ${maxDays} days, such as 2030-01-31T18:00:00Z`,
    { maxDays: 366 },
  ),
  'not-a-start':
    'must be a duration such as 15m, 2h or 7d, a time such as 2026-01-31T12:00:00Z, or `next` of an answer of the API',
  'unknown-event-kind': withFacts(
    ({ kinds, closest }: { kinds: readonly string[]; closest?: string | undefined }) =>
      `is not a kind of event: ${closest === undefined ? `the kinds are ${kinds.join(', ')}` : `the closest is ${closest}`}`,
    { kinds: ['fetched', 'delivered'], closest: 'fetched' },
  ),
  blank: 'must not be blank; null removes it',
  'only-blanks': 'must not be blank',
  'wrong-password': 'is wrong',
  'wrong-sign-in': 'or user name is wrong, or the account is blocked',
  'not-repeated': withFacts(({ wanted }: { wanted: string }) => `must be ${quoteText(wanted)}, as a confirmation`, {
    wanted: 'sip.example.com',
  }),
  'guessed-too-often': withFacts(
    ({ retryAfterSeconds }: { retryAfterSeconds: number }) =>
      `was wrong too often: try again in ${retryAfterSeconds} seconds`,
    { retryAfterSeconds: 60 },
  ),
  'not-a-web-address': 'must be an http or https address without a query, such as https://ringup.example.com',
  'own-path': withFacts(
    ({ path }: { path: string }) => `must not begin with /${path}, which Ringup adds by itself: leave it out`,
    { path: 'provisioning' },
  ),
  'no-web-server': 'does not answer within 5 seconds: check the name, the port and the proxy',
  'another-server': 'leads to another server: its /health/live is not ours',
  'certificate-not-valid': 'has a certificate that is not valid, which phones refuse too',
  'not-hex': withFacts(({ digits }: { digits: number }) => `must be ${digits} lowercase hex digits`, { digits: 64 }),
  'not-combinable': withFacts(({ other }: { other: string }) => `cannot be combined with ${other}`, {
    other: 'lifetime',
  }),
  needs: withFacts(({ others }: { others: readonly string[] }) => `needs ${others.join(' and ')}`, {
    others: ['turn_server', 'turn_secret'],
  }),
  'only-with-password': 'is possible only together with a new password',
  'needs-password': 'can be changed only together with a new password: the stored HA1 depends on it',
  'not-an-administrator': 'is not an administrator of the space',
  'not-managed': 'is not a space that you manage',
  'not-a-certificate': 'must be the certificate of an authority in PEM',
  'not-a-sip-address': 'must be a SIP address, such as sip:office@example.com',
  'not-a-picture': 'must be a PNG or a JPEG',
  'picture-too-large': withFacts(
    ({ maxBytes }: { maxBytes: number }) => `must not be larger than ${maxBytes / 1000} kB`,
    { maxBytes: 200_000 },
  ),
  'picture-too-wide': withFacts(
    ({ max, width, height }: { max: number; width: number; height: number }) =>
      `has ${width} × ${height} pixels, and must not have more than ${max} × ${max}`,
    { max: 1024, width: 2000, height: 500 },
  ),
  'too-long-for-qr-code': 'is too long for a QR code',
  'too-small-for-qr-code': withFacts(({ min }: { min: number }) => `must be at least ${min} for this code`, {
    min: 177,
  }),
} as const satisfies Record<string, ComplaintEntry>;

interface Duration {
  readonly from?: string;
  readonly to?: string;
  readonly examples: readonly string[];
  /** The text that stands for an unlimited duration. */
  readonly forever?: '0' | 'never';
}

function durationSentence({ from, to, examples, forever }: Duration): string {
  const range = from === undefined || to === undefined ? '' : ` from ${from} to ${to},`;
  const last = examples.length > 1 ? ` or ${examples.at(-1)}` : '';
  const such = `${examples.slice(0, last === '' ? 1 : -1).join(', ')}${last}`;
  const end = { '0': ', or 0 (forever)', never: ', or never' };
  return `must be a duration${range} such as ${such}${forever === undefined ? '' : end[forever]}`;
}

/** Names the setting of the space that would allow the value. */
function setBy(setting: string | undefined): string {
  return setting === undefined ? '' : ` (the space's ${setting})`;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
