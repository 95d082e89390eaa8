import type { ListedDevice } from '../../devices/device.ts';
import { withoutControls } from '../../errors/quote-text.ts';

/**
 * Says which devices receive a new password by themselves, now or `later`, or were revoked together with the old one.
 */
export function followersInWords(who: string, devices: readonly ListedDevice[], later = false): string {
  const fetches = later ? 'will fetch' : 'fetches';
  return devices
    .map(({ id, name, revokedAt }) => {
      const device = `${withoutControls(name)} (${id})`;
      return revokedAt === null
        ? `${device} ${fetches} the new password by its key. To stop it: \`./ringup device revoke ${who} ${id}\`.\n`
        : `Revoked ${device}.\n`;
    })
    .join('');
}
