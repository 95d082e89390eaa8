import { type Static, Type } from 'typebox';
import { aboutValue, type Complaint, type FieldComplaints } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import { nullable } from '../lib/check-shape.ts';
import { matchesPattern } from '../lib/match-pattern.ts';
import { readPhoneNumber } from '../lib/phone-number.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import { checkValue } from '../lpconfig/rules.ts';
import { algorithms } from '../sip/ha1.ts';
import { whyUnregistrable } from '../spaces/registrable-username.ts';
import type { Space } from '../spaces/space.ts';
import { type Account, dtmfProtocols } from './account.ts';

export const usernameLimits = { minLength: 1, maxLength: 128 } as const;
/** Of every password. The space says how long a new one must be at least. */
export const passwordLimits = { minLength: 1, maxLength: 1000 } as const;

const username = Type.String({ ...usernameLimits, description: 'The user part of the SIP address.' });
const password = Type.String({ ...passwordLimits, description: 'Stored only as HA1.' });
const algorithm = Type.Enum(algorithms, {
  description:
    'Store the password for this algorithm only. Default: the algorithms of the account; for a new account, of the space.',
});
const activated = Type.Boolean({ description: 'Whether the account is activated: it can sign in and register.' });
const optionalFields = {
  display_name: Type.Optional(
    nullable(Type.String({ maxLength: 120, description: 'The name that other phones show.' })),
  ),
  email: Type.Optional(
    nullable(
      Type.String({
        maxLength: 254,
        pattern: '^[^@\\s]+@[^@\\s]+$',
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
  dtmf_protocol: Type.Optional(Type.Enum(dtmfProtocols)),
};

/** The fields of a new account, for both the API and the commands. */
export const newAccountShape = Type.Object(
  {
    username,
    password,
    algorithm: Type.Optional(algorithm),
    domain: Type.Optional(Type.String({ maxLength: 253 })),
    activated: Type.Optional(activated),
    ...optionalFields,
  },
  { additionalProperties: false },
);
export type NewAccount = Static<typeof newAccountShape>;

/** The fields that can be changed. Absent fields keep their values. */
export const accountChangesShape = Type.Object(
  {
    username: Type.Optional(username),
    password: Type.Optional(password),
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
 * Checks the rules that a schema cannot express: those of the space, and what a phone's configuration can hold. Returns
 * the fields as they are stored, with the phone number in E.164 and no spaces at the ends of names.
 */
export async function checkAccountFields<Fields extends AccountChanges>(
  given: Fields,
  space: Space,
  before?: Account,
): Promise<Checked<Fields>> {
  const fields = withTrimmedNames(given, before);
  const mistakes: Record<string, Complaint[]> = {};
  const complain = (field: string, complaint: Complaint | undefined): void => {
    if (complaint !== undefined) mistakes[field] = [...(mistakes[field] ?? []), complaint];
  };
  // An existing name stays valid, even if the space has stricter rules for new names.
  if (fields.username !== undefined && fields.username !== before?.username) {
    complain('username', aboutValue(fields.username, checkValue(fields.username)));
    const unfit =
      fields.username === ''
        ? ({ code: 'only-blanks' } as const)
        : (patternComplaint(fields.username, space.usernamePattern) ?? whyUnregistrable(fields.username));
    complain('username', aboutValue(fields.username, unfit));
  }
  if (fields.password !== undefined) complain('password', passwordComplaint(fields.password, space));
  for (const field of ['display_name', 'email'] as const) {
    const value = fields[field];
    if (typeof value === 'string') complain(field, aboutValue(value, checkValue(value)));
  }
  if (/^\s+$/.test(given.display_name ?? '')) complain('display_name', { code: 'blank' });
  const phone = typeof fields.phone === 'string' ? await readPhoneNumber(fields.phone) : undefined;
  if (phone !== undefined && 'complaint' in phone) complain('phone', aboutValue(fields.phone ?? '', phone.complaint));
  refuse(mistakes);
  const stored = phone !== undefined && 'number' in phone ? { ...fields, phone: phone.number } : fields;
  return stored as Checked<Fields>;
}

/** An existing user name stays as it is: its HA1s contain it. */
function withTrimmedNames<Fields extends AccountChanges>(fields: Fields, before: Account | undefined): Fields {
  const { username, display_name: displayName } = fields;
  return {
    ...fields,
    ...(username === undefined || username === before?.username ? {} : { username: trimBlanks(username) }),
    ...(typeof displayName === 'string' ? { display_name: trimBlanks(displayName) } : {}),
  };
}

export function checkPassword(field: string, password: string, space: Space): void {
  const complaint = passwordComplaint(password, space);
  if (complaint !== undefined) refuse({ [field]: [complaint] });
}

function patternComplaint(username: string, pattern: string): Complaint | undefined {
  const matches = matchesPattern(pattern, username);
  if (matches === undefined) return { code: 'pattern-unreadable', pattern };
  return matches ? undefined : { code: 'no-match', pattern };
}

function passwordComplaint(password: string, space: Space): Complaint | undefined {
  const unfit = checkValue(password);
  if (unfit !== undefined) return unfit;
  // Characters, as a person counts them, not UTF-16 units.
  const length = [...password].length;
  return length < space.passwordMinLength ? { code: 'too-short', min: space.passwordMinLength } : undefined;
}

function refuse(mistakes: FieldComplaints): void {
  if (Object.keys(mistakes).length > 0) throw invalidFields(mistakes);
}
