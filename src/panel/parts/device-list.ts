import { html } from 'ghtml';
import { Type } from 'typebox';
import { asksAgain, type Device } from '../../devices/device.ts';
import type { DevicePosition } from '../../devices/list-devices.ts';
import type { PageOfRows } from '../../lib/page-of-rows.ts';
import { parseId } from '../../lib/parse-id.ts';
import type { Reader } from '../reader.ts';
import { afterIn, nextLink } from './paging.ts';
import { when } from './when.ts';

/** The fields of the forms on a page with devices. */
export const deviceForm = Type.Object({
  action: Type.Optional(Type.Enum(['revoke'])),
  device: Type.Optional(Type.String({ maxLength: 50 })),
});

/** Where a list of devices is: the path of its page, and as the end of a query, which page of the list it is. */
export interface DevicePlace {
  readonly path: string;
  readonly place: string;
}

/** Returns the device in the query after which the page begins; undefined for the first page. */
export function positionIn(query: URLSearchParams): DevicePosition | undefined {
  const revoked = parseId(query.get('revoked') ?? '');
  const id = revoked ?? afterIn(query);
  return id === undefined ? undefined : { id, isRevoked: revoked !== undefined };
}

/** Returns the end of a query for the page that begins after this device; '' for the first page. */
export function placeAfter(position: DevicePosition | undefined): string {
  return position === undefined ? '' : `&${position.isRevoked ? 'revoked' : 'after'}=${position.id}`;
}

/** Returns a page of an account's devices, each with a link to the question whether to revoke it. */
export function deviceList(reader: Reader, page: PageOfRows<Device>, at: DevicePlace, now: number): string {
  const { t } = reader;
  const [open, revoked] = [page.rows.filter(isOpen), page.rows.filter((device) => !isOpen(device))];
  const hasNone = open.length === 0 && (at.place === '' || page.rows.length === 0);
  const last = page.more ? page.rows.at(-1) : undefined;
  const place = last && placeAfter({ id: last.id, isRevoked: !isOpen(last) }).slice(1);
  return html`!${hasNone ? noDevice(reader, at.path) : ''}
!${open.length === 0 ? '' : html`<ul class="rows">!${open.map((device) => openRow(reader, device, at, now))}</ul>`}
!${revoked.length === 0 ? '' : html`<section><h2>${t('device.revokedTitle')}</h2><ul class="rows">!${revoked.map((device) => revokedRow(reader, device, now))}</ul></section>`}
!${nextLink(reader, place && `${reader.prefix}${at.path}?${place}`)}`;
}

function noDevice({ t, prefix }: Reader, path: string): string {
  const codePath = path.replace(/\/devices$/, path.startsWith('/admin/') ? '/provisioning' : '');
  return html`<h2>${t('device.none')}</h2><p class="soft">${t('device.noneLine')}</p>
<p class="buttons"><a class="button" href="${prefix}${codePath}">${t('device.showCode')}</a></p>`;
}

function isOpen({ revokedAt }: Device): boolean {
  return revokedAt === null;
}

function openRow(reader: Reader, { id, name, address, firstSeenAt, lastSeenAt }: Device, at: DevicePlace, now: number) {
  const { t, prefix } = reader;
  const ask = html`<a class="word soft" href="${prefix}${at.path}?revoke=${id}${at.place}" aria-label="${t('device.revokeNamed', { name })}">${t('device.revoke')}</a>`;
  return html`<li><div><b><bdi>${name}</bdi></b><span class="second">${t('device.setUp')} !${when(reader, firstSeenAt, now)} · ${t('device.lastSeen')} !${when(reader, lastSeenAt, now)}, ${address}</span></div>!${ask}</li>`;
}

function revokedRow(reader: Reader, { name, revokedAt, endedAt }: Device, now: number): string {
  const { t } = reader;
  const told =
    endedAt === null ? html`${t('device.notTold')}` : html`${t('device.told')} !${when(reader, endedAt, now)}`;
  return html`<li><div><b><bdi>${name}</bdi></b><span class="second">${t('device.revokedAt')} !${when(reader, revokedAt ?? 0, now)} · !${told}</span></div></li>`;
}

/** Returns the question whether to revoke a device, with what ends, what stays, and the button. */
export function revokeQuestion({ t, prefix }: Reader, device: Device, at: DevicePlace, passwordPath: string): string {
  const { id, name } = device;
  const forgets = asksAgain(device);
  return html`<section class="question"><h2>${t('device.revokeTitle', { name })}</h2>
<ul class="points"><li>${t('device.endsKey')}</li><li>${t(forgets ? 'device.forgets' : 'device.keepsAccount')}</li><li>${t('device.history')}</li></ul>
!${forgets ? '' : html`<p>${t('device.needsPassword')} <a href="${prefix}${passwordPath}">${t('device.setPassword')}</a></p>`}
<form method="post" class="buttons"><input type="hidden" name="device" value="${id}"><button class="button ending" name="action" value="revoke">${t('device.revokeButton')}</button><a class="word soft" href="${prefix}${at.path}${at.place.replace('&', '?')}">${t('form.cancel')}</a></form></section>`;
}
