import { html } from 'ghtml';
import { type Device, followsPassword } from '../../devices/device.ts';
import type { Reader } from '../reader.ts';

/** Says which phones stop with a new password, and which fetch it by themselves. */
export function phonesWithNewPassword({ t }: Reader, devices: readonly Device[]): string {
  const open = devices.filter(({ revokedAt }) => revokedAt === null);
  if (open.length === 0) return html`<p class="hint">${t('account.stopNone')}</p>`;
  const names = (follow: boolean) =>
    open
      .filter((device) => followsPassword(device) === follow)
      .map(({ name }) => name)
      .join(', ');
  const [stopping, following] = [names(false), names(true)];
  return html`!${stopping === '' ? '' : html`<p>${t('account.stop', { names: stopping })}</p>`}!${following === '' ? '' : html`<p class="hint">${t('account.follow', { names: following })}</p>`}`;
}
