import { type Static, Type } from 'typebox';
import { invalidFields } from '../errors.ts';
import { nullable } from '../lib/check-shape.ts';
import { parseDuration } from '../lib/duration.ts';
import { parseInstant } from '../lib/parse-instant.ts';
import type { Space } from '../spaces/space.ts';

const minLifetimeMs = 60_000;
/** A token expires at most this many days after it was issued or extended. */
export const maxLifetimeDays = 366;
const maxLifetimeMs = maxLifetimeDays * 86_400_000;
const notALifetime = {
  code: 'not-a-duration',
  from: '1m',
  to: `${maxLifetimeDays}d`,
  examples: ['90m', '12h', '7d'],
  forever: '0',
} as const;
/** An expiry must have a time zone. A person might mean local time, and the code would then expire hours too early. */
const withZone = /^[^T]*T.*(?:Z|[+-]\d\d:\d\d)$/;

export const lifetimeShape = Type.String({
  maxLength: 20,
  description: `How long the code stays valid, such as \`90m\`, \`12h\` or \`7d\`, from \`1m\` to \`${maxLifetimeDays}d\`; \`0\`: forever.`,
});

/** The expiry of a token, in one of two forms. All requests that set an expiry share these fields. */
const expiryFields = {
  lifetime: Type.Optional(lifetimeShape),
  expires_at: Type.Optional(
    nullable(
      Type.String({
        maxLength: 40,
        description: `Instead of a lifetime: a time such as \`2030-01-31T18:00:00Z\`, at most ${maxLifetimeDays} days from now; null: never.`,
      }),
    ),
  ),
};
export const expiryShape = Type.Object(expiryFields, { additionalProperties: false, title: 'Expiry' });
export type WishedExpiry = Static<typeof expiryShape>;

/**
 * Returns when a token that is issued now expires: as requested, or by default as set for the space or the instance.
 * null means never.
 */
export function tokenExpiry(
  now: number,
  space: Space,
  instanceLifetimeMs: number,
  wish: WishedExpiry = {},
): number | null {
  const wished = wishedExpiry(wish, now);
  if (wished !== undefined) return wished;
  const lifetime = space.tokenLifetime ?? instanceLifetimeMs;
  return lifetime === 0 ? null : now + lifetime;
}

/** Returns the requested expiry, null for never, or undefined if nothing is requested. */
export function wishedExpiry({ lifetime, expires_at: at }: WishedExpiry, now: number): number | null | undefined {
  if (lifetime === undefined) return at === undefined || at === null ? at : expiryAt(at, now);
  if (at !== undefined) throw invalidFields({ expires_at: [{ code: 'not-combinable', other: 'lifetime' }] });
  const milliseconds = parseDuration(lifetime);
  if (milliseconds === 0) return null;
  if (milliseconds !== undefined && milliseconds >= minLifetimeMs && milliseconds <= maxLifetimeMs)
    return now + milliseconds;
  throw invalidFields({ lifetime: [{ ...notALifetime, value: lifetime }] });
}

/** Returns whether the token expires at the requested time already. That of an expired token may be in the past. */
export function isExpiryOf(
  { expiresAt }: { readonly expiresAt: number | null },
  { lifetime, expires_at: at }: WishedExpiry,
): boolean {
  if (lifetime !== undefined || at === undefined) return false;
  return at === null ? expiresAt === null : timeOf(at) === expiresAt;
}

function expiryAt(text: string, now: number): number {
  const at = timeOf(text);
  if (at !== undefined && at > now && at <= now + maxLifetimeMs) return at;
  throw invalidFields({ expires_at: [{ code: 'not-a-future-time', value: text, maxDays: maxLifetimeDays }] });
}

function timeOf(text: string): number | undefined {
  return withZone.test(text) ? parseInstant(text) : undefined;
}
