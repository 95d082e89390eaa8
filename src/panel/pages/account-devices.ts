import { html } from 'ghtml';
import { actorOf } from '../../access/caller.ts';
import { managedAccount } from '../../access/managed-account.ts';
import { devicesFrom } from '../../devices/list-devices.ts';
import { revokeDevice } from '../../devices/revoke-device.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { accountHead } from '../parts/account-head.ts';
import { doneBanner } from '../parts/banner.ts';
import { deviceForm, deviceList, placeAfter, positionIn, revokeQuestion } from '../parts/device-list.ts';
import { pageOrFirst, rowsOnPage } from '../parts/paging.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

export const showDevices = endpoint({
  params: ['id'],
  summary: 'Show the devices of an account',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const reader = readerOf(app, request, reply, found.space);
    const query = queryOf(request);
    const page = await pageOrFirst(positionIn(query), (from) =>
      devicesFrom(app, found.account, { from, limit: rowsOnPage }),
    );
    const { tabs, ...head } = accountHead(reader, found, '/devices');
    const at = { path: `/admin/accounts/${found.account.id}/devices`, place: placeAfter(positionIn(query)) };
    const asked = page.rows.find(({ id, revokedAt }) => String(id) === query.get('revoke') && revokedAt === null);
    const main = html`!${tabs}
!${doneBanner(query.get('done') === 'revoked' ? reader.t('device.done') : undefined)}
!${asked === undefined ? '' : revokeQuestion(reader, asked, at, `/admin/accounts/${found.account.id}#password`)}
!${deviceList(reader, page, at, app.now())}`;
    return sendPage(reply, { html: shell(reader, caller, { ...head, main }) });
  },
});

export const changeDevices = endpoint({
  params: ['id'],
  summary: 'Revoke a device of an account',
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const { account } = await managedAccount(app, caller, params.id);
    const { device = '' } = requireShape(deviceForm, body);
    await revokeDevice(app, actorOf(caller), account, device);
    const place = placeAfter(positionIn(queryOf(request)));
    return seeOther(app, reply, `/admin/accounts/${account.id}/devices?done=revoked${place}`);
  },
});
