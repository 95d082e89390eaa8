import { html } from 'ghtml';
import { Type } from 'typebox';
import { endSession, endSessions, listSessions } from '../../access/sessions.ts';
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
import { isUnknown, tryChange } from '../parts/refusal.ts';
import { when } from '../parts/when.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const form = Type.Object({
  action: Type.Optional(Type.Enum(['end', 'everywhere'])),
  session: Type.Optional(Type.String()),
});

export const showSessions = endpoint({
  summary: 'Show the browsers in which the reader is signed in',
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const reader = readerOf(app, request, reply);
    const { t } = reader;
    const rows = (await listSessions(app, caller.account.id)).map(({ id, agent, address, createdAt, lastUsedAt }) => {
      const isThis = id === caller.session?.id;
      const end = html`<form method="post"><input type="hidden" name="session" value="${id}"><button class="word soft" name="action" value="end">${t('nav.signOut')}</button></form>`;
      return html`<li><div><b>${t('mine.browser')} ${t(browserOn(agent))}${isThis ? ` (${t('mine.thisBrowser')})` : ''}</b><span class="second">${t('mine.signedIn')} !${when(reader, createdAt, app.now())} · ${t('device.lastSeen')} !${when(reader, lastUsedAt, app.now())}, ${address}</span></div>!${isThis ? '' : end}</li>`;
    });
    const { tabs, ...head } = ownHead(reader, caller, '/sessions');
    const main = html`!${tabs}
!${doneBanner(queryOf(request).get('done') === 'ended' ? t('mine.sessionEnded') : undefined)}
<ul class="rows">!${rows}</ul>
<form method="post" class="buttons"><button class="button plain" name="action" value="everywhere">${t('mine.everywhere')}</button></form>`;
    return sendPage(reply, { html: shell(reader, caller, { ...head, main }) });
  },
});

export const changeSessions = endpoint({
  summary: 'Sign out in another browser, or everywhere',
  form,
  produces: ['text/html'],
  async handle({ app, caller, body, reply }) {
    const { action, session = '' } = requireShape(form, body);
    if (action === 'everywhere') {
      await endSessions(app, caller.account.id);
      clearSessionCookie(app, reply);
      return seeOther(app, reply, '/login');
    }
    // The browser may have signed out by itself, or a second click may ask for the same.
    await tryChange(() => endSession(app, caller.account.id, parseId(session) ?? 0), isUnknown);
    return seeOther(app, reply, '/account/sessions?done=ended');
  },
});
