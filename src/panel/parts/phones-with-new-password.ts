import { html } from 'ghtml';
import type { Account } from '../../accounts/account.ts';
import type { App } from '../../app.ts';
import { type Device, followsPassword } from '../../devices/device.ts';
import { listOwnDevices } from '../../devices/list-devices.ts';
import type { Reader } from '../reader.ts';

/** Returns which phones a new password disconnects, and which fetch it by themselves. */
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

/** Returns which of the account's phones a new password would disconnect, and which would fetch it by themselves. */
export async function phonesThatStop(app: App, { t }: Reader, account: Account): Promise<string> {
  const devices = await listOwnDevices(app, account);
  const ofThose = (follow: boolean) => devices.filter((device) => followsPassword(device) === follow);
  const lines = [
    ...ofThose(false).map(({ name }) => html`<li>${t('reset.stops', { phone: name })}</li>`),
    ...ofThose(true).map(({ name }) => html`<li>${t('reset.follows', { phone: name })}</li>`),
  ];
  return html`<p>${t('reset.phones')}</p>!${lines.length === 0 ? '' : html`<ul>!${lines}</ul>`}`;
}
