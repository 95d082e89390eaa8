import { html } from 'ghtml';
import { Type } from 'typebox';
import { endSession, endSessions, listSessions, type Session } from '../../access/sessions.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { clearSessionCookie } from '../../http/session-cookie.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { parseId } from '../../lib/parse-id.ts';
import { doneBanner } from '../parts/banner.ts';
import { browserOn } from '../parts/code-stops.ts';
import { ownHead } from '../parts/own-head.ts';
import { afterIn, nextLink, pageOrFirst, placeIn, rowsOnPage } from '../parts/paging.ts';
import { isUnknown, tryChange } from '../parts/refusal.ts';
import { when } from '../parts/when.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const path = '/account/sessions';

const form = Type.Object({
  action: Type.Optional(Type.Enum(['end', 'everywhere'])),
  session: Type.Optional(Type.String()),
});

export const showSessions = endpoint({
  summary: 'Show the browsers in which the reader is signed in',
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const reader = readerOf(app, request, reply);
    const { t, prefix } = reader;
    const query = queryOf(request);
    const page = await pageOrFirst(afterIn(query), (after) =>
      listSessions(app, caller.account.id, { after, limit: rowsOnPage }),
    );
    const rows = page.rows.map((session) => row(reader, session, session.id === caller.session?.id, app.now()));
    const { tabs, ...head } = ownHead(reader, caller, '/sessions');
    const main = html`!${tabs}
!${doneBanner(query.get('done') === 'ended' ? t('mine.sessionEnded') : undefined)}
<ul class="rows">!${rows}</ul>
!${nextLink(reader, page.more ? `${prefix}${path}?after=${page.rows.at(-1)?.id}` : undefined)}
<form method="post" class="buttons"><button class="button plain" name="action" value="everywhere">${t('mine.everywhere')}</button></form>`;
    return sendPage(reply, { html: shell(reader, caller, { ...head, main }) });
  },
});

export const changeSessions = endpoint({
  summary: 'Sign out in another browser, or everywhere',
  form,
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const { action, session = '' } = requireShape(form, body);
    if (action === 'everywhere') {
      await endSessions(app, caller.account.id);
      clearSessionCookie(app, reply);
      return seeOther(app, reply, '/login');
    }
    // The browser may have signed out by itself, or a second click may ask for the same.
    await tryChange(() => endSession(app, caller.account.id, parseId(session) ?? 0), isUnknown);
    return seeOther(app, reply, `${path}?done=ended${placeIn(queryOf(request))}`);
  },
});

function row(reader: Reader, session: Session, isThis: boolean, now: number): string {
  const { t } = reader;
  const { id, agent, address, createdAt, lastUsedAt } = session;
  const end = html`<form method="post"><input type="hidden" name="session" value="${id}"><button class="word soft" name="action" value="end">${t('nav.signOut')}</button></form>`;
  return html`<li><div><b>${t('mine.browser')} ${t(browserOn(agent))}${isThis ? ` (${t('mine.thisBrowser')})` : ''}</b><span class="second">${t('mine.signedIn')} !${when(reader, createdAt, now)} · ${t('device.lastSeen')} !${when(reader, lastUsedAt, now)}, ${address}</span></div>!${isThis ? '' : end}</li>`;
}
