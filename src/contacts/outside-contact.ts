import { type Static, Type } from 'typebox';
import { aboutValue, type Complaint, type FieldComplaints } from '../errors/complaints.ts';
import { invalidFields } from '../errors.ts';
import { nullable } from '../lib/check-shape.ts';
import { checkCharacters } from '../lib/forbidden-characters.ts';
import { readPhoneNumber } from '../lib/phone-number.ts';
import { parseSipAddress, sipUri } from '../sip/sip-uri.ts';
import type { Space } from '../spaces/space.ts';

/** A contact without an account that every phone of a space has. Times are in epoch milliseconds. */
export interface OutsideContact {
  readonly id: number;
  readonly spaceId: number;
  readonly name: string;
  readonly sipUri: string | null;
  /** A phone number in E.164. */
  readonly phone: string | null;
  readonly organization: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

const name = Type.String({ minLength: 1, maxLength: 120, description: 'The name that phones show.' });
const rest = {
  sip_uri: Type.Optional(
    nullable(
      Type.String({
        maxLength: 320,
        description: 'Their SIP address, such as sip:office@example.com. Either it or `phone` is required.',
        examples: ['sip:office@example.com'],
      }),
    ),
  ),
  phone: Type.Optional(
    nullable(Type.String({ maxLength: 60, description: 'Their number; stored in E.164.', examples: ['+33601020304'] })),
  ),
  organization: Type.Optional(nullable(Type.String({ maxLength: 120, description: 'Where they work.' }))),
};

/** The fields of a new contact, for both the API and the panel. */
export const newOutsideContactShape = Type.Object(
  { name, ...rest },
  { additionalProperties: false, title: 'NewOutsideContact' },
);
export const outsideContactChangesShape = Type.Object(
  { name: Type.Optional(name), ...rest },
  { additionalProperties: false, title: 'OutsideContactChanges' },
);
export type OutsideContactChanges = Static<typeof outsideContactChangesShape>;

export type OutsideContactFields = Pick<OutsideContact, 'name' | 'sipUri' | 'phone' | 'organization'>;

/** Returns the contact's fields with the changes in `given`, as they are stored. Throws all complaints by field. */
export async function checkOutsideContact(
  before: OutsideContactFields,
  given: OutsideContactChanges,
  space: Space,
): Promise<OutsideContactFields> {
  const mistakes: Record<string, readonly Complaint[]> = {};
  const fields = {
    name: given.name ?? before.name,
    sipUri: given.sip_uri === undefined ? before.sipUri : readUri(given.sip_uri, mistakes),
    phone: given.phone === undefined ? before.phone : await readNumber(given.phone, space, mistakes),
    organization: given.organization === undefined ? before.organization : given.organization || null,
  };
  for (const field of ['name', 'organization'] as const) {
    const complaint = fields[field] === null ? undefined : aboutValue(fields[field], checkCharacters(fields[field]));
    if (complaint !== undefined) mistakes[field] = [complaint];
  }
  if (fields.sipUri === null && fields.phone === null && mistakes.sip_uri === undefined && mistakes.phone === undefined)
    mistakes.sip_uri = [{ code: 'or-required', other: 'phone' }];
  refuse(mistakes);
  return fields;
}

/** Reads a SIP URI, also if it is written as `office@example.com`. */
function readUri(text: string | null, mistakes: Record<string, readonly Complaint[]>): string | null {
  if (text === null || text === '') return null;
  const address = parseSipAddress(text);
  if (address !== undefined) return sipUri(address.username, address.domain);
  mistakes.sip_uri = [{ code: 'not-a-sip-address', value: text }];
  return null;
}

async function readNumber(
  text: string | null,
  space: Space,
  mistakes: Record<string, readonly Complaint[]>,
): Promise<string | null> {
  if (text === null || text === '') return null;
  const read = await readPhoneNumber(text, space.phoneCountry ?? undefined);
  if ('number' in read) return read.number;
  mistakes.phone = [aboutValue(text, read.complaint)];
  return null;
}

function refuse(mistakes: FieldComplaints): void {
  if (Object.keys(mistakes).length > 0) throw invalidFields(mistakes);
}
