import type { Device } from '../../devices/device.ts';

/**
 * Says which devices receive a new password by themselves, now or `later`, or were revoked together with the old one.
 */
export function followersInWords(who: string, devices: readonly Device[], later = false): string {
  const fetches = later ? 'will fetch' : 'fetches';
  return devices
    .map(({ id, name, revokedAt }) =>
      revokedAt === null
        ? `${name} (${id}) ${fetches} the new password by its key. To stop it: \`./ringup device revoke ${who} ${id}\`.\n`
        : `Revoked ${name} (${id}).\n`,
    )
    .join('');
}
