import { html } from 'ghtml';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { shownNamesOf } from '../../accounts/list-accounts.ts';
import { eventsBefore } from '../../events/list-events.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { parseId } from '../../lib/parse-id.ts';
import { nextLink, rowsOnPage } from '../parts/paging.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { timeline } from '../parts/timeline.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

export const showSpaceEvents = endpoint({
  params: ['domain'],
  summary: 'Show what happened in a space, the newest first',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const reader = readerOf(app, request, reply, space);
    const { t, prefix } = reader;
    const before = parseId(queryOf(request).get('before') ?? '');
    const filter = { spaceIds: [space.id], ...(before === undefined ? {} : { before }) };
    const { events, older } = await eventsBefore(app, filter, rowsOnPage);
    const about = new Set(events.flatMap(({ accountId }) => accountId ?? []));
    const names = await shownNamesOf(app, [...about]);
    const next = older === undefined ? undefined : `${prefix}${spacePath(space, '/events')}?before=${older}`;
    const main = html`!${events.length === 0 ? html`<h2>${t('activity.empty')}</h2><p class="soft">${t('activity.emptyLine')}</p>` : timeline(reader, events, app.now(), names)}
!${nextLink(reader, next, 'activity.older')}`;
    const page = { ...spaceHead(reader, space, '/events'), line: html`${t('space.eventsWhat')}`, main };
    return sendPage(reply, { html: shell(reader, caller, page) });
  },
});
