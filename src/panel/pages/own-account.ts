import { html } from 'ghtml';
import { Type } from 'typebox';
import type { Caller } from '../../access/caller.ts';
import { updateAccount } from '../../administration/update-account.ts';
import type { App } from '../../app.ts';
import { oneself } from '../../events/actor.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { isLanguage, languages } from '../../locale/translate.ts';
import { type FollowedCode, followedCodeOf } from '../../provisioning/newest-code.ts';
import { issueToken } from '../../tokens/issue-token.ts';
import { doneBanner } from '../parts/banner.ts';
import { codePanel } from '../parts/code-panel.ts';
import { livePart } from '../parts/live.ts';
import { ownHead } from '../parts/own-head.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const form = Type.Object({
  action: Type.Optional(Type.Enum(['issue', 'language'])),
  language: Type.Optional(Type.String()),
});

export const showMine = endpoint({
  summary: "Show the reader's own account, with a code for another phone",
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const reader = readerOf(app, request, reply);
    const code = await followedCodeOf(app, caller);
    return sendPage(reply, { html: ownPage(app, reader, caller, { code, done: queryOf(request).get('done') }) });
  },
});

export const changeMine = endpoint({
  summary: "Issue a code for the reader's own account, or set its language",
  form,
  produces: ['text/html'],
  async handle({ app, caller, body, reply }) {
    const { action, language } = requireShape(form, body);
    if (action === 'language') {
      const wished = isLanguage(language) ? language : null;
      await updateAccount(app, oneself(caller.account), caller, { language: wished });
      return seeOther(app, reply, wished === null ? '/account' : `/account?lang=${wished}`);
    }
    await issueToken(app, oneself(caller.account), caller);
    return seeOther(app, reply, '/account?done=issued');
  },
});

function ownPage(
  app: App,
  reader: Reader,
  caller: Caller,
  { code, done }: { readonly code: FollowedCode | undefined; readonly done: string | null },
) {
  const { t } = reader;
  const { tabs, ...head } = ownHead(reader, caller, '');
  const said = done === 'issued' ? t('code.made') : done === 'password' ? t('mine.passwordDone') : undefined;
  const main = html`!${tabs}
!${doneBanner(said)}
!${code === undefined ? '' : liveCode(app, reader, caller, code)}
<section><h2>${t('mine.addPhone')}</h2><p class="soft">${t('mine.addPhoneLine')}</p>
<form method="post" class="buttons"><button class="button!${code?.open === undefined ? '' : ' plain'}" name="action" value="issue">${t(code?.open === undefined ? 'mine.makeCode' : 'code.new')}</button>!${code?.open === undefined ? '' : html`<span class="soft">${t('code.ends')}</span>`}</form></section>
<section><h2>${t('mine.language')}</h2><form method="post" class="search"><label class="hidden" for="language">${t('mine.language')}</label><select id="language" name="language">!${languages.map((each) => html`<option value="${each}" lang="${each}"!${each === reader.language ? ' selected' : ''}>${t(`language.${each}`)}</option>`)}</select><button class="button plain" name="action" value="language">${t('form.save')}</button></form></section>`;
  return shell(reader, caller, { ...head, main });
}

function liveCode(app: App, reader: Reader, caller: Caller, code: FollowedCode): string {
  const { state, isLast } = code.progress;
  const url = code.open?.url;
  const content = codePanel(reader, caller, code, { now: app.now() });
  // The page follows the code by its token, which it shows anyway.
  if (url === undefined) return html`<div id="code">!${content}</div>`;
  const events = `${new URL(url).pathname}/live`;
  return livePart({ id: 'code', events, page: `${reader.prefix}/account`, state, isLast, content });
}
