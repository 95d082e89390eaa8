import { html } from 'ghtml';
import { Type } from 'typebox';
import { asksAgain, type Device } from '../../devices/device.ts';
import type { Reader } from '../reader.ts';
import { when } from './when.ts';

/** The fields of the forms on a page with devices. */
export const deviceForm = Type.Object({
  action: Type.Optional(Type.Enum(['revoke'])),
  device: Type.Optional(Type.String({ maxLength: 50 })),
});

/**
 * Returns the devices of an account, each with a link to the question whether to revoke it. `path` is the path of the
 * current page.
 */
export function deviceList(reader: Reader, devices: readonly Device[], path: string, now: number): string {
  const { t } = reader;
  const [open, revoked] = [devices.filter(isOpen), devices.filter((device) => !isOpen(device))];
  return html`!${open.length === 0 ? noDevice(reader, path) : html`<ul class="rows">!${open.map((device) => openRow(reader, device, path, now))}</ul>`}
!${revoked.length === 0 ? '' : html`<section><h2>${t('device.revokedTitle')}</h2><ul class="rows">!${revoked.map((device) => revokedRow(reader, device, now))}</ul></section>`}`;
}

function noDevice({ t, prefix }: Reader, path: string): string {
  const codePath = path.replace(/\/devices$/, path.startsWith('/admin/') ? '/provisioning' : '');
  return html`<h2>${t('device.none')}</h2><p class="soft">${t('device.noneLine')}</p>
<p class="buttons"><a class="button" href="${prefix}${codePath}">${t('device.showCode')}</a></p>`;
}

function isOpen({ revokedAt }: Device): boolean {
  return revokedAt === null;
}

function openRow(reader: Reader, { id, name, address, firstSeenAt, lastSeenAt }: Device, path: string, now: number) {
  const { t, prefix } = reader;
  const ask = html`<a class="word soft" href="${prefix}${path}?revoke=${id}" aria-label="${t('device.revokeNamed', { name })}">${t('device.revoke')}</a>`;
  return html`<li><div><b><bdi>${name}</bdi></b><span class="second">${t('device.setUp')} !${when(reader, firstSeenAt, now)} · ${t('device.lastSeen')} !${when(reader, lastSeenAt, now)}, ${address}</span></div>!${ask}</li>`;
}

function revokedRow(reader: Reader, { name, revokedAt, endedAt }: Device, now: number): string {
  const { t } = reader;
  const told =
    endedAt === null ? html`${t('device.notTold')}` : html`${t('device.told')} !${when(reader, endedAt, now)}`;
  return html`<li><div><b><bdi>${name}</bdi></b><span class="second">${t('device.revokedAt')} !${when(reader, revokedAt ?? 0, now)} · !${told}</span></div></li>`;
}

/** Returns the question whether to revoke a device, with what ends, what stays, and the button. */
export function revokeQuestion({ t, prefix }: Reader, device: Device, path: string, passwordPath: string): string {
  const { id, name } = device;
  const forgets = asksAgain(device);
  return html`<section class="question"><h2>${t('device.revokeTitle', { name })}</h2>
<ul class="points"><li>${t('device.endsKey')}</li><li>${t(forgets ? 'device.forgets' : 'device.keepsAccount')}</li><li>${t('device.history')}</li></ul>
!${forgets ? '' : html`<p>${t('device.needsPassword')} <a href="${prefix}${passwordPath}">${t('device.setPassword')}</a></p>`}
<form method="post" class="buttons"><input type="hidden" name="device" value="${id}"><button class="button ending" name="action" value="revoke">${t('device.revokeButton')}</button><a class="word soft" href="${prefix}${path}">${t('form.cancel')}</a></form></section>`;
}
