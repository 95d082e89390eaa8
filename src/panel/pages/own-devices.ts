import { html } from 'ghtml';
import { selfOf } from '../../access/caller.ts';
import { ownDevicesAfter } from '../../devices/list-devices.ts';
import { revokeDevice } from '../../devices/revoke-device.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { doneBanner } from '../parts/banner.ts';
import { deviceForm, deviceList, revokeQuestion } from '../parts/device-list.ts';
import { ownHead } from '../parts/own-head.ts';
import { afterIn, pageOrFirst, placeIn, rowsOnPage } from '../parts/paging.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const path = '/account/devices';

export const showOwnPhones = endpoint({
  summary: "Show the devices of the reader's own account",
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const reader = readerOf(app, request, reply);
    const query = queryOf(request);
    const page = await pageOrFirst(afterIn(query), (after) =>
      ownDevicesAfter(app, caller.account, { after, limit: rowsOnPage }),
    );
    const at = { path, place: placeIn(query) };
    const asked = page.rows.find(({ id }) => String(id) === query.get('revoke'));
    const { tabs, ...head } = ownHead(reader, caller, '/devices');
    const main = html`!${tabs}
!${doneBanner(query.get('done') === 'revoked' ? reader.t('device.done') : undefined)}
!${asked === undefined ? '' : revokeQuestion(reader, asked, at, '/account/password')}
!${deviceList(reader, page, at, app.now())}`;
    return sendPage(reply, { html: shell(reader, caller, { ...head, main }) });
  },
});

export const changeOwnPhones = endpoint({
  summary: "Revoke a device of the reader's own account",
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const { device = '' } = requireShape(deviceForm, body);
    await revokeDevice(app, selfOf(caller), caller.account, device);
    return seeOther(app, reply, `${path}?done=revoked${placeIn(queryOf(request))}`);
  },
});
