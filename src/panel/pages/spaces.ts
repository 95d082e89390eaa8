import { html } from 'ghtml';
import { isSuperAdministrator } from '../../access/caller.ts';
import { managedSpaceIds } from '../../access/managed-account.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { pageOfRows } from '../../lib/page-of-rows.ts';
import type { Space } from '../../spaces/space.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import { afterIn, nextLink, rowsOnPage } from '../parts/paging.ts';
import { spacePath } from '../parts/space-pages.ts';
import { when } from '../parts/when.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const path = '/admin/spaces';

export const showSpaces = endpoint({
  summary: 'List the spaces that the administrator manages',
  produces: ['text/html'],
  handle({ app, caller, request, reply }) {
    const reader = readerOf(app, request, reply);
    const { t, prefix } = reader;
    const ids = new Set(managedSpaceIds(app, caller));
    const query = queryOf(request);
    const after = afterIn(query) ?? 0;
    const managed = app.spaces.all.filter(({ id }) => ids.has(id) && id > after);
    const page = pageOfRows(managed, rowsOnPage);
    const rows = page.rows.map((space) => row(reader, space, app.now()));
    const main = html`!${doneBanner(doneSentence(reader, query.get('done'), { delete: 'spaces.deleted' }))}
<table class="spaces">
<thead><tr><th scope="col">${t('spaces.name')}</th><th scope="col">${t('spaces.made')}</th><td></td></tr></thead>
<tbody>!${rows}</tbody>
</table>
!${nextLink(reader, page.more ? `${prefix}${path}?after=${page.rows.at(-1)?.id}` : undefined)}`;
    const actions = html`<a class="button" href="${prefix}/admin/spaces/new">${t('spaces.add')}</a>`;
    const shown = {
      title: t('spaces.title'),
      place: path,
      line: html`${t('spaces.line')}`,
      ...(isSuperAdministrator(caller) ? { actions } : {}),
      main,
    };
    return sendPage(reply, { html: shell(reader, caller, shown) });
  },
});

function row(reader: Reader, space: Space, now: number): string {
  const { t, prefix } = reader;
  const rights = space.super ? html`<span class="second">${t('spaces.super')}</span>` : '';
  return html`<tr data-domain="${space.domain}">
<td><a class="name" href="${prefix}${spacePath(space)}"><bdi>${space.name}</bdi></a><span class="second">${space.domain}</span>!${rights}</td>
<td>!${when(reader, space.createdAt, now)}</td>
<td><a href="${prefix}/admin/accounts?${new URLSearchParams({ space: space.domain })}">${t('nav.accounts')}</a></td>
</tr>`;
}
