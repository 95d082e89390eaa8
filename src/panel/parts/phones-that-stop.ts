import { html } from 'ghtml';
import type { Account } from '../../accounts/account.ts';
import type { App } from '../../app.ts';
import { followsPassword } from '../../devices/device.ts';
import { listOwnDevices } from '../../devices/list-devices.ts';
import type { Reader } from '../reader.ts';

/** Returns which phones of the account a new password stops, and which get it by themselves. */
export async function phonesThatStop(app: App, { t }: Reader, account: Account): Promise<string> {
  const devices = await listOwnDevices(app, account);
  const ofThose = (follow: boolean) => devices.filter((device) => followsPassword(device) === follow);
  const lines = [
    ...ofThose(false).map(({ name }) => html`<li>${t('reset.stops', { phone: name })}</li>`),
    ...ofThose(true).map(({ name }) => html`<li>${t('reset.follows', { phone: name })}</li>`),
  ];
  return html`<p>${t('reset.phones')}</p>!${lines.length === 0 ? '' : html`<ul>!${lines}</ul>`}`;
}
