import type { ApiKey } from '../access/api-key-store.ts';
import { isoDate } from './account.ts';

/** A key as the API and the commands show it: without its secret. */
export function apiKeyJson(key: ApiKey) {
  return {
    id: key.id,
    name: key.name,
    rights: key.rights,
    created_at: isoDate(key.createdAt),
    last_used_at: isoDate(key.lastUsedAt),
    expires_at: isoDate(key.expiresAt),
  };
}
