import { createHash } from 'node:crypto';
import { onceFor } from '../lib/once-for.ts';
import { type Picture, readPicture } from '../lib/picture.ts';
import type { Space } from './space.ts';

/** A space's own picture for pages and mails. */
export interface Logo extends Picture {
  /** Names the picture by its bytes, so that what this name leads to never changes. */
  readonly hash: string;
  readonly bytes: Buffer;
}

/** Returns the logo of a space, if it has one. It is read once for each version of the space. */
export const logoOf = onceFor((space: Space): Logo | undefined => {
  if (space.logo === null) return undefined;
  const bytes = Buffer.from(space.logo, 'base64');
  const picture = readPicture(bytes);
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return picture === undefined ? undefined : { ...picture, hash, bytes };
});

const logosOf = onceFor((spaces: readonly Space[]): ReadonlyMap<string, Logo> => {
  const logos = spaces.flatMap((space) => logoOf(space) ?? []);
  return new Map(logos.map((logo) => [logo.hash, logo]));
});

/** Returns the logo with this hash that a space has now. */
export function findLogo(spaces: readonly Space[], hash: string): Logo | undefined {
  return logosOf(spaces).get(hash);
}
