import { Type } from 'typebox';
import type { OutsideContact } from '../contacts/outside-contact.ts';
import { nullable } from '../lib/check-shape.ts';
import { isoDate } from './iso-date.ts';

export const outsideContactAnswer = Type.Object(
  {
    id: Type.Integer(),
    name: Type.String(),
    sip_uri: nullable(Type.String()),
    phone: nullable(Type.String()),
    organization: nullable(Type.String()),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
  },
  { title: 'OutsideContact' },
);

export function outsideContactJson(contact: OutsideContact) {
  return {
    id: contact.id,
    name: contact.name,
    sip_uri: contact.sipUri,
    phone: contact.phone,
    organization: contact.organization,
    created_at: isoDate(contact.createdAt),
    updated_at: isoDate(contact.updatedAt),
  };
}
