import { html } from 'ghtml';
import { Type } from 'typebox';
import { type Caller, selfOf } from '../../access/caller.ts';
import type { Account } from '../../accounts/account.ts';
import { accountChangesShape } from '../../accounts/account-fields.ts';
import { updateAccount } from '../../administration/update-account.ts';
import type { App } from '../../app.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import { languages } from '../../locale/translate.ts';
import { type FollowedCode, followedCodeOf } from '../../provisioning/newest-code.ts';
import { issueToken } from '../../tokens/issue-token.ts';
import { doneBanner } from '../parts/banner.ts';
import { codePanel } from '../parts/code-panel.ts';
import { fieldMistake } from '../parts/field.ts';
import { livePart } from '../parts/live.ts';
import { ownHead } from '../parts/own-head.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const form = Type.Object({
  action: Type.Enum(['issue', 'language']),
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
  async handle({ app, caller, body, request, reply }) {
    const { action, language } = requireShape(form, body);
    if (action === 'language') {
      const { done, refusal } = await tryChange(() => setLanguage(app, caller, language));
      if (refusal === undefined) return seeOther(app, reply, done === null ? '/account' : `/account?lang=${done}`);
      const code = await followedCodeOf(app, caller);
      const page = ownPage(app, readerOf(app, request, reply), caller, { code, done: null, error: refusal });
      return sendPage(reply, { html: page, ...statusOf(refusal) });
    }
    await issueToken(app, selfOf(caller), caller);
    return seeOther(app, reply, '/account?done=issued');
  },
});

/** Sets the language. Returns the language that the account now has. */
async function setLanguage(app: App, caller: Caller, sent: string | undefined): Promise<Account['language']> {
  const fields = sent === undefined ? {} : { language: sent || null };
  const changes = requireShape(accountChangesShape, fields);
  return (await updateAccount(app, selfOf(caller), caller, changes)).account.language;
}

interface Shown {
  readonly code: FollowedCode | undefined;
  readonly done: string | null;
  readonly error?: AppError;
}

function ownPage(app: App, reader: Reader, caller: Caller, { code, done, error }: Shown) {
  const { t } = reader;
  const { tabs, ...head } = ownHead(reader, caller, '');
  const said = done === 'issued' ? t('code.made') : done === 'password' ? t('mine.passwordDone') : undefined;
  const mistakes = mistakesIn(t, error)?.language ?? [];
  const marks = mistakes.length === 0 ? '' : ' aria-describedby="language-mistake" aria-invalid="true"';
  const main = html`!${tabs}
!${doneBanner(said)}!${refusalBanner(reader, error)}
!${code === undefined ? '' : liveCode(app, reader, caller, code)}
<section><h2>${t('mine.addPhone')}</h2><p class="soft">${t('mine.addPhoneLine')}</p>
<form method="post" class="buttons"><button class="button!${code?.open === undefined ? '' : ' plain'}" name="action" value="issue">${t(code?.open === undefined ? 'mine.makeCode' : 'code.new')}</button>!${code?.open === undefined ? '' : html`<span class="soft">${t('code.ends')}</span>`}</form></section>
<section><h2>${t('mine.language')}</h2>!${fieldMistake('language', mistakes)}<form method="post" class="search"><label class="hidden" for="language">${t('mine.language')}</label><select id="language" name="language"!${marks}>!${languages.map((each) => html`<option value="${each}" lang="${each}"!${each === reader.language ? ' selected' : ''}>${t(`language.${each}`)}</option>`)}</select><button class="button plain" name="action" value="language">${t('form.save')}</button></form></section>`;
  return shell(reader, caller, { ...head, main });
}

function liveCode(app: App, reader: Reader, caller: Caller, code: FollowedCode): string {
  const page = `${reader.prefix}/account`;
  const content = codePanel(reader, caller, code, { now: app.now() });
  return livePart({ id: 'code', events: `${page}/live`, page, ...code.progress, content });
}
