import { type Static, Type } from 'typebox';
import { aboutValue, type Complaint, type FieldComplaints } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { nullable } from '../lib/check-shape.ts';
import { checkCharacters } from '../lib/forbidden-characters.ts';
import { type Language, languages } from '../lib/languages.ts';
import { isMailAddress } from '../lib/mailbox.ts';
import { matchesPattern } from '../lib/match-pattern.ts';
import { readPhoneNumber } from '../lib/phone-number.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import { algorithms, type Ha1, missingDigits } from '../sip/ha1.ts';
import { checkLinphonerc } from '../spaces/check-setting.ts';
import type { Space } from '../spaces/space.ts';
import { usualUsernamePattern } from '../spaces/space-settings.ts';
import { type Account, dtmfProtocols } from './account.ts';
import { passwordComplaint } from './password-rule.ts';

export const usernameLimits = { minLength: 1, maxLength: 128 } as const;
export const maxOwnLinphonercLength = 20_000;
/** The limits of every password. Each space sets its own minimum for new passwords. */
export const passwordText = { minLength: 1, maxLength: 1000, 'x-verbatim': true } as const;

// Names are trimmed in `withTrimmedTexts`, not here: the HA1s of an existing account contain its name as it is, and a
// name of blanks only is refused.
const username = Type.String({
  ...usernameLimits,
  'x-verbatim': true,
  description: 'The user part of the SIP address.',
});
/** A new password, for both the API and the commands. */
export const newPassword = Type.String({
  ...passwordText,
  description:
    'Stored only as HA1. It has at least as many characters as `password_min_length` of the space says; with a session of the panel, at least ten for an administrator.',
});
const algorithm = Type.Enum(algorithms, {
  description:
    'Store the password for this algorithm only. Default: the algorithms of the account; for a new account, of the space.',
});
const activated = Type.Boolean({ description: 'Whether the account is activated: it can sign in and register.' });
/** The least that a mail address must look like. */
export const emailPattern = '^[^@\\s]+@[^@\\s]+$';

const optionalFields = {
  display_name: Type.Optional(
    nullable(Type.String({ maxLength: 120, 'x-verbatim': true, description: 'The name that other phones show.' })),
  ),
  email: Type.Optional(
    nullable(
      Type.String({
        maxLength: 254,
        pattern: emailPattern,
        'x-means': 'mail-address',
        description: 'An address such as alice@example.com.',
        examples: ['alice@example.com'],
      }),
    ),
  ),
  phone: Type.Optional(
    nullable(
      Type.String({
        maxLength: 60,
        description:
          'With its country code; stored in E.164, such as +33601020304. Ringup removes spaces, brackets, dots, dashes, ' +
          'slashes, and a `(0)` after the country code.',
        examples: ['+33601020304'],
      }),
    ),
  ),
  admin: Type.Optional(
    Type.Boolean({
      description: 'Whether the account is an administrator of its space; in a super space, of all spaces.',
    }),
  ),
  dtmf_protocol: Type.Optional(
    Type.Enum(dtmfProtocols, {
      description: 'How phones send digits to this account during a call, as its card in their address books says.',
    }),
  ),
  linphonerc: Type.Optional(
    Type.String({
      maxLength: maxOwnLinphonercLength,
      'x-verbatim': true,
      description:
        "The account's own linphonerc text, for settings of one person; it takes precedence over the space's.",
    }),
  ),
  note: Type.Optional(
    nullable(Type.String({ maxLength: 500, description: 'For administrators: users and phones never see it.' })),
  ),
  group: Type.Optional(
    nullable(
      Type.String({
        maxLength: 60,
        description:
          'A name that administrators find accounts by, such as a department; users and phones never see it.',
        examples: ['Sales'],
      }),
    ),
  ),
  language: Type.Optional(
    Type.Unsafe<Language | null>({
      type: ['string', 'null'],
      enum: [...languages, null],
      description: 'The language of mails and pages for this person; null: that of the space.',
    }),
  ),
};

/** The fields of a new account, for both the API and the commands. */
export const newAccountShape = Type.Object(
  {
    username,
    password: newPassword,
    algorithm: Type.Optional(algorithm),
    domain: Type.Optional(Type.String({ maxLength: 253, description: "The space; by default the caller's." })),
    activated: Type.Optional(activated),
    ...optionalFields,
  },
  { additionalProperties: false },
);
export type NewAccount = Static<typeof newAccountShape>;
/** A new account that comes with HA1s instead of a password. */
export type NewAccountWithHa1s = Omit<NewAccount, 'password' | 'algorithm'> & { readonly ha1s: readonly Ha1[] };

/** The fields that can be changed. Absent fields keep their values. */
export const accountChangesShape = Type.Object(
  {
    username: Type.Optional(username),
    password: Type.Optional(newPassword),
    algorithm: Type.Optional(algorithm),
    activated: Type.Optional(activated),
    ...optionalFields,
  },
  { additionalProperties: false },
);
export type AccountChanges = Static<typeof accountChangesShape>;

declare const checked: unique symbol;
/** Fields that have been checked, in the form in which they are stored. */
export type Checked<Fields> = Fields & { readonly [checked]: true };

/**
 * Checks the rules that a schema cannot express: those of the space, and what a phone's configuration can contain.
 * Returns the fields as they are stored, with the phone number in E.164 and names trimmed. `before` is the account to
 * change. A new password is checked again when it is stored, because `before` may be out of date by then.
 */
export async function checkAccountFields<Fields extends AccountChanges & { readonly ha1s?: readonly Ha1[] }>(
  given: Fields,
  space: Space,
  { before, actor = {} }: { readonly before?: Account; readonly actor?: Pick<Actor, 'isInPanel'> } = {},
): Promise<Checked<Fields>> {
  const fields = withTrimmedTexts(given, before);
  const mistakes: Record<string, Complaint[]> = {};
  const complain = (field: string, complaint: Complaint | undefined): void => {
    // One complaint for each field is enough: a forbidden character would otherwise also be reported as a pattern that
    // does not match.
    if (complaint !== undefined) mistakes[field] ??= [complaint];
  };
  // An existing name stays valid, even if the space has stricter rules for new names.
  if (fields.username !== undefined && fields.username !== before?.username) {
    complain('username', aboutValue(fields.username, checkCharacters(fields.username)));
    const unfit =
      fields.username === ''
        ? ({ code: 'only-blanks' } as const)
        : (patternComplaint(fields.username, space.usernamePattern) ?? whyUnregistrable(fields.username));
    complain('username', aboutValue(fields.username, unfit));
  }
  if (fields.password !== undefined) {
    const admin = fields.admin ?? before?.admin ?? false;
    complain('password', passwordComplaint(fields.password, { space, admin, actor }));
  }
  for (const each of fields.ha1s ?? []) complain('ha1', ha1Complaint(each));
  for (const field of ['display_name', 'email', 'note', 'group'] as const) {
    const value = fields[field];
    if (typeof value === 'string') complain(field, aboutValue(value, checkCharacters(value)));
  }
  // An existing address stays valid. Sending a mail to more than one mailbox is refused anyway.
  if (typeof fields.email === 'string' && fields.email !== before?.email && !isMailAddress(fields.email)) {
    complain('email', aboutValue(fields.email, { code: 'not-a-mailbox' }));
  }
  if (typeof given.display_name === 'string' && given.display_name !== '' && fields.display_name === '')
    complain('display_name', { code: 'blank' });
  const phone =
    typeof fields.phone === 'string' ? await readPhoneNumber(fields.phone, space.phoneCountry ?? undefined) : undefined;
  if (phone !== undefined && 'complaint' in phone) complain('phone', aboutValue(fields.phone ?? '', phone.complaint));
  if (fields.linphonerc !== undefined) {
    const wrong = checkLinphonerc(fields.linphonerc);
    if (wrong.length > 0) mistakes.linphonerc = wrong;
  }
  refuse(mistakes);
  const stored = phone !== undefined && 'number' in phone ? { ...fields, phone: phone.number } : fields;
  return stored as Checked<Fields>;
}

/** Returns the fields with trimmed texts. An existing user name stays as it is, because its HA1s contain it. */
function withTrimmedTexts<Fields extends AccountChanges>(fields: Fields, before: Account | undefined): Fields {
  const { username, display_name: displayName, note, group } = fields;
  return {
    ...fields,
    ...(username === undefined || username === before?.username ? {} : { username: trimBlanks(username) }),
    ...(typeof displayName === 'string' ? { display_name: trimBlanks(displayName) } : {}),
    ...(typeof note === 'string' ? { note: trimBlanks(note) || null } : {}),
    ...(typeof group === 'string' ? { group: trimBlanks(group) || null } : {}),
  };
}

function patternComplaint(username: string, pattern: string): Complaint | undefined {
  const matches = matchesPattern(pattern, username);
  if (matches === undefined) return { code: 'pattern-unreadable', pattern };
  if (matches) return undefined;
  const means = pattern === usualUsernamePattern ? ({ means: 'usual-username' } as const) : {};
  return { code: 'no-match', pattern, ...means, setting: 'username_pattern' };
}

export function ha1Complaint(ha1: Ha1): Complaint | undefined {
  const digits = missingDigits(ha1);
  return digits === undefined ? undefined : { code: 'not-hex', digits };
}

function refuse(mistakes: FieldComplaints): void {
  if (Object.keys(mistakes).length > 0) throw invalidFields(mistakes);
}

/**
 * Returns what keeps phones with this user name from registering: Kamailio 5.6 answers 403 to
 * characters outside ASCII, reads only what comes before a semicolon, and does not find names with `"`, `@` or `:`,
 * which phones send escaped. With a backslash, Linphone 5.1 registers, but cannot sign in here by Digest.
 */
export function whyUnregistrable(username: string): Complaint | undefined {
  if (/[^\x00-\x7f]/.test(username)) return { code: 'beyond-ascii' };
  if (username.includes(';')) return { code: 'semicolon' };
  if (/["@:]/.test(username)) return { code: 'quote-at-or-colon' };
  if (username.includes('\\')) return { code: 'backslash' };
  return undefined;
}

const samples = [
  ...['é', 'zoé', 'ünal', '漢字'],
  ...[';', '"', '@', ':', '\\'].flatMap((each) => [each, `a${each}b`, `1${each}2`, `alice${each}x`]),
];

/** Returns whether a `username_pattern` allows user names that `whyUnregistrable` refuses. */
export function allowsUnregistrable(pattern: string): boolean {
  // Each start asks about all spaces, most of which have this pattern.
  if (pattern === usualUsernamePattern) return false;
  return samples.some((sample) => matchesPattern(pattern, sample) === true);
}
