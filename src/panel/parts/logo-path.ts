import type { Logo } from '../../spaces/logo.ts';

/** Returns the path of a logo, including the path prefix of the public URL. */
export function logoPath(prefix: string, { hash }: Logo): string {
  return `${prefix}/logo/${hash}`;
}
