import { html } from 'ghtml';
import { actorOf } from '../../access/caller.ts';
import { managedAccount } from '../../access/managed-account.ts';
import { listDevices } from '../../devices/list-devices.ts';
import { revokeDevice } from '../../devices/revoke-device.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { accountHead } from '../parts/account-head.ts';
import { doneBanner } from '../parts/banner.ts';
import { deviceForm, deviceList, revokeQuestion } from '../parts/device-list.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

export const showDevices = endpoint({
  params: ['id'],
  summary: 'Show the devices of an account',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const reader = readerOf(app, request, reply, found.space);
    const devices = await listDevices(app, found.account);
    const query = queryOf(request);
    const { tabs, ...head } = accountHead(reader, found, '/devices');
    const path = `/admin/accounts/${found.account.id}/devices`;
    const asked = devices.find(({ id, revokedAt }) => String(id) === query.get('revoke') && revokedAt === null);
    const main = html`!${tabs}
!${doneBanner(query.get('done') === 'revoked' ? reader.t('device.done') : undefined)}
!${asked === undefined ? '' : revokeQuestion(reader, asked, path, `/admin/accounts/${found.account.id}#password`)}
!${deviceList(reader, devices, path, app.now())}`;
    return sendPage(reply, { html: shell(reader, caller, { ...head, main }) });
  },
});

export const changeDevices = endpoint({
  params: ['id'],
  summary: 'Revoke a device of an account',
  produces: ['text/html'],
  async handle({ app, caller, params, body, reply }) {
    const { account } = await managedAccount(app, caller, params.id);
    const { device = '' } = requireShape(deviceForm, body);
    await revokeDevice(app, actorOf(caller), account, device);
    return seeOther(app, reply, `/admin/accounts/${account.id}/devices?done=revoked`);
  },
});
