import { createHash } from 'node:crypto';
import { onceFor } from '../lib/once-for.ts';
import { type Picture, readPicture } from '../lib/picture.ts';
import type { Space } from './space.ts';

/** A space's own picture for its pages and mails. */
export interface Logo extends Picture {
  /** A hash of the bytes. It is part of the URL, so that the picture at a URL never changes. */
  readonly hash: string;
  readonly bytes: Buffer;
}

/** Returns the logo of a space, if it has one. It is decoded once for each version of the space. */
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

/** Returns the current logo of a space that has this hash. */
export function findLogo(spaces: readonly Space[], hash: string): Logo | undefined {
  return logosOf(spaces).get(hash);
}
