import { Type } from 'typebox';
import { isUnused } from '../access/last-uses.ts';
import type { ApiKey } from '../access/manage-api-keys.ts';
import { nullable } from '../lib/check-shape.ts';
import { isoDate } from './iso-date.ts';

export const apiKeyAnswer = Type.Object(
  {
    id: Type.Integer(),
    name: nullable(Type.String()),
    rights: Type.Enum(['user', 'account']),
    created_at: Type.String({ format: 'date-time' }),
    last_used_at: nullable(Type.String({ format: 'date-time', description: 'To about a minute; null if never.' })),
    expires_at: nullable(Type.String({ format: 'date-time' })),
    bound_address: nullable(
      Type.String({ description: 'The only address from which it is valid; null: any address.' }),
    ),
  },
  { title: 'ApiKey' },
);

/** Returns a key for the API and the commands, without its secret. */
export function apiKeyJson(key: ApiKey) {
  return {
    id: key.id,
    name: key.name,
    rights: key.rights,
    created_at: isoDate(key.createdAt),
    last_used_at: isUnused(key) ? null : isoDate(key.lastUsedAt),
    expires_at: isoDate(key.expiresAt),
    bound_address: key.boundAddress,
  };
}
