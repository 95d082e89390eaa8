import { html } from 'ghtml';
import { isSuperAdministrator } from '../../access/caller.ts';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { lastAnswerOf, type RegistrarAnswer } from '../../administration/check-registrar.ts';
import type { App } from '../../app.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { publicUrlOf, type Space } from '../../spaces/space.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import { serverAnswer } from '../parts/server-answer.ts';
import { shortMoment } from '../parts/short-moment.ts';
import { sipServerNeeds } from '../parts/sip-server-needs.ts';
import { spaceContents, spacePath } from '../parts/space-pages.ts';
import { moment, type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

export const showSpace = endpoint({
  params: ['domain'],
  summary: 'Show a space, with the way to all its pages',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const reader = readerOf(app, request, reply, space);
    const { t, prefix } = reader;
    const isSuper = isSuperAdministrator(caller);
    const main = html`!${doneBanner(doneSentence(reader, queryOf(request).get('done'), { made: 'spaces.wasMade', domain: 'domain.done' }))}
<dl class="facts">
<dt>${t('spaces.domain')}</dt><dd>${space.domain}!${isSuper ? html` <a class="word" href="${prefix}${spacePath(space, '/domain')}">${t('domain.change')}</a>` : ''}</dd>
<dt>${t('spaces.registrarShort')}</dt><dd>${space.effectiveRegistrar}!${registrarLine(reader, space, await lastAnswerOf(app, space), app.now())}</dd>
<dt>${t('space.phonesAt')}</dt><dd>${publicUrlOf(space, app.publicUrl)}/provisioning</dd>
</dl>
!${spaceContents(reader, space)}
!${sipServerNeeds(reader, app, space, isSuper)}
!${isSuper ? hooksSection(reader, app) : ''}
!${isSuper ? html`<section><h2>${t('space.end')}</h2><p><a class="word" href="${prefix}${spacePath(space, '/delete')}">${t('space.deleteThis')}</a></p></section>` : ''}`;
    const page = {
      title: space.name,
      place: spacePath(space),
      space,
      back: { path: '/admin/spaces', name: t('spaces.title') },
      line: html`${space.domain}`,
      main,
    };
    return sendPage(reply, { html: shell(reader, caller, page) });
  },
});

/** Returns the last answer of the SIP server, and a button that asks it again. */
function registrarLine(reader: Reader, space: Space, last: RegistrarAnswer | undefined, now: number): string {
  const { t, prefix } = reader;
  const said =
    last === undefined
      ? html`<p class="soft">${t('server.neverAsked')}</p>`
      : html`!${serverAnswer(reader, last.answer)}<p class="soft">${t('server.askedAt')} !${shortMoment(reader, last.askedAt, now)}</p>`;
  return html`<div class="last-answer">!${said}<form method="post" action="${prefix}${spacePath(space, '/settings')}"><input type="hidden" name="registrar" value="${space.effectiveRegistrar}"><button class="word" name="action" value="check">${t('server.ask')}</button></form></div>`;
}

/** Returns the part about hooks. For super administrators only, because hooks belong to the operator. */
function hooksSection(reader: Reader, { hookState }: App): string {
  const { t } = reader;
  if (hookState === undefined)
    return html`<section><h2>${t('hooks.title')}</h2><p class="soft">${t('hooks.none')}</p></section>`;
  const { file, names, lastFailure } = hookState;
  const failure =
    lastFailure === undefined
      ? html`<p class="soft">${t('hooks.fine')}</p>`
      : html`<p class="state" data-state="failed">${t('hooks.failed', { hook: lastFailure.hook, domain: lastFailure.space })}</p>
<p class="soft">!${moment(reader, lastFailure.at)}</p><p class="code">${lastFailure.message}</p>`;
  return html`<section><h2>${t('hooks.title')}</h2>
<p>${t('hooks.loaded', { names: names.join(', '), file })}</p>!${failure}</section>`;
}
