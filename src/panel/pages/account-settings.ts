import { html } from 'ghtml';
import { Type } from 'typebox';
import { actorOf } from '../../access/caller.ts';
import { managedAccount } from '../../access/managed-account.ts';
import { maxOwnLinphonercLength } from '../../accounts/account-fields.ts';
import { markOfText, publishOwnLinphonerc } from '../../administration/publish-own-linphonerc.ts';
import { lintAccount } from '../../documents/lint-account.ts';
import { previewChange } from '../../documents/preview-document.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { maxFormBytes } from '../../http/request-size.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { accountHead } from '../parts/account-head.ts';
import { doneBanner } from '../parts/banner.ts';
import { defaultButton } from '../parts/default-button.ts';
import { difference } from '../parts/difference.ts';
import { withoutCarriageReturns } from '../parts/field.ts';
import { findingList } from '../parts/findings.ts';
import { linphonercEditor, linphonercField } from '../parts/linphonerc-editor.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import type { AccountView } from '../view.ts';

const form = Type.Object({
  action: Type.Optional(Type.Enum(['check', 'edit', 'publish'])),
  linphonerc: linphonercField,
  base: Type.Optional(Type.String({ maxLength: 16 })),
});

export const showOwnSettings = endpoint({
  params: ['id'],
  summary: "Show an account's own linphonerc text",
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const about = { app, reader: readerOf(app, request, reply, found.space), caller, found };
    const done = queryOf(request).get('done');
    return sendPage(reply, await settingsPage(about, { text: found.account.linphonerc, done }));
  },
});

export const changeOwnSettings = endpoint({
  params: ['id'],
  summary: "Check an account's own linphonerc text, or publish it",
  form,
  produces: ['text/html'],
  maxBodyBytes: maxFormBytes(maxOwnLinphonercLength),
  async handle({ app, caller, params, body, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const { action, linphonerc, base } = requireShape(form, body);
    const text = withoutCarriageReturns(linphonerc);
    const about = { app, reader: readerOf(app, request, reply, found.space), caller, found };
    if (action !== 'publish') {
      return sendPage(reply, await settingsPage(about, { text, isChecked: action === 'check' }));
    }
    const { refusal: error } = await tryChange(() =>
      publishOwnLinphonerc(app, actorOf(caller), found, { linphonerc: text, base }),
    );
    if (error === undefined) return seeOther(app, reply, `/admin/accounts/${found.account.id}/settings?done=published`);
    return sendPage(reply, await settingsPage(about, { text, isChecked: true, error }));
  },
});

interface Shown {
  readonly text: string;
  readonly done?: string | null;
  readonly isChecked?: boolean;
  readonly error?: AppError;
}

async function settingsPage({ app, reader, caller, found }: AccountView, shown: Shown): Promise<Page> {
  const { t, prefix } = reader;
  const { text, done, isChecked = false, error } = shown;
  const { tabs, ...head } = accountHead(reader, found, '/settings');
  const wished = { ...found, account: { ...found.account, linphonerc: text } };
  const findings = await lintAccount(wished, app.linphonerc.document);
  const isReadable = error?.fields === undefined && !findings.some(({ severity }) => severity === 'error');
  const isReviewed = isChecked && isReadable;
  const changes = isReviewed ? await previewChange(app, found, wished) : undefined;
  const page = `${prefix}/admin/accounts/${found.account.id}/settings`;
  const main = html`!${tabs}
!${doneBanner(done === 'published' ? t('own.published') : undefined)}
!${refusalBanner(reader, error)}
<p class="soft">${t('own.line')}</p>
<form method="post">!${defaultButton({ action: 'check' })}<input type="hidden" name="base" value="${markOfText(found.account.linphonerc)}">
!${linphonercEditor(reader, { label: 'own.text', rows: 14, text, page, error, isReviewed })}
<div id="findings" role="status">!${text === '' ? '' : findingList(reader, findings)}</div>
!${changes === undefined ? '' : html`<section><h2>${t('difference.title')}</h2>!${difference(reader, changes)}</section>`}
<div class="buttons">!${isReviewed ? html`<button class="button" name="action" value="publish">${t('own.publish')}</button><button class="button plain" name="action" value="edit">${t('rc.back')}</button>` : html`<button class="button" name="action" value="check">${t('own.check')}</button>`}</div></form>`;
  return { html: shell(reader, caller, { ...head, main }), ...statusOf(error) };
}
