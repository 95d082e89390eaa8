import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { getAccountOfSpace } from '../../accounts/find-account.ts';
import { publishLinphonerc } from '../../administration/publish-linphonerc.ts';
import { compareLinphonerc } from '../../documents/compare-linphonerc.ts';
import { lintSpace } from '../../documents/lint-space.ts';
import { previewChange } from '../../documents/preview-document.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { maxFormBytes } from '../../http/request-size.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { refusalText } from '../../locale/failure-text.ts';
import { checkLinphonerc } from '../../spaces/check-setting.ts';
import { reviewedSpace } from '../../spaces/linphonerc-versions.ts';
import type { Space } from '../../spaces/space.ts';
import { spaceChangesShape } from '../../spaces/space-fields.ts';
import { maxLinphonercLength } from '../../spaces/space-settings.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import { defaultButton } from '../parts/default-button.ts';
import { difference } from '../parts/difference.ts';
import { field, withoutCarriageReturns } from '../parts/field.ts';
import { findingList } from '../parts/findings.ts';
import { keyHelp } from '../parts/key-help.ts';
import { linphonercEditor, linphonercField } from '../parts/linphonerc-editor.ts';
import { isUnknown, refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { versionLine } from '../parts/version-line.ts';
import { readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import type { SpaceView } from '../view.ts';

const form = Type.Object({
  action: Type.Optional(Type.Enum(['check', 'preview', 'review', 'publish'])),
  linphonerc: linphonercField,
  /** The number of the version that was edited. */
  base: Type.Optional(Type.String({ maxLength: 12 })),
  account: Type.Optional(Type.String({ maxLength: 400 })),
});

export const showSpaceLinphonerc = endpoint({
  params: ['domain'],
  summary: 'Show the linphonerc text of a space',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const about = { app, reader: readerOf(app, request, reply, space), caller, space };
    return sendPage(reply, await pageOf(about, { text: space.linphonerc, done: queryOf(request).get('done') }));
  },
});

export const submitSpaceLinphonerc = endpoint({
  params: ['domain'],
  summary: 'Check a linphonerc text, preview it for an account, review what changes, or publish it',
  form,
  produces: ['text/html'],
  maxBodyBytes: maxFormBytes(maxLinphonercLength),
  async handle({ app, caller, params, body, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const sent = requireShape(form, body);
    const text = withoutCarriageReturns(sent.linphonerc);
    const about = { app, reader: readerOf(app, request, reply, space), caller, space };
    if (sent.action !== 'publish') {
      const { refusal: error } = await tryChange(() => requireShape(spaceChangesShape, { linphonerc: text }));
      return sendPage(reply, await pageOf(about, { text, sent, error }));
    }
    const { refusal: error } = await tryChange(() =>
      publishLinphonerc(app, caller, space, { linphonerc: text, base: sent.base }),
    );
    if (error === undefined) return seeOther(app, reply, `${spacePath(space, '/linphonerc')}?done=published`);
    // Read again, because the published text may be newer than the one found above.
    const now = { ...about, space: managedSpaceAt(app, caller, params.domain) };
    return sendPage(reply, await pageOf(now, { text, sent, error }));
  },
});

interface Shown {
  readonly text: string;
  readonly done?: string | null;
  readonly sent?: Static<typeof form>;
  readonly error?: AppError | undefined;
}

async function pageOf(about: SpaceView, shown: Shown): Promise<Page> {
  const { app, reader, caller } = about;
  const { t, prefix } = reader;
  const { text, sent, error } = shown;
  const { space, newest: current } = await reviewedSpace(app, about.space);
  // A text that is too long is not read any further.
  const isTooLong = text.length > maxLinphonercLength;
  const draft = { ...space, linphonerc: isTooLong ? '' : text };
  const findings = await lintSpace(draft, app.linphonerc.document);
  const isReadable = !isTooLong && checkLinphonerc(text).length === 0;
  const isMeanwhile = error?.factsOf('conflict')?.why === 'published-meanwhile';
  const isReviewed = isMeanwhile || (sent?.action === 'review' && isReadable && error === undefined);
  const base = sent?.base ?? String(current?.number ?? 0);
  const isOutdated = base !== String(current?.number ?? 0);
  const path = spacePath(space, '/linphonerc');
  // A preview of a reviewed text shows the review again.
  const show = isReviewed ? 'review' : 'preview';
  const review = isReviewed
    ? html`<section><h2>${t('rc.reviewTitle')}</h2>!${difference(reader, await compareLinphonerc(space.linphonerc, text))}</section>`
    : '';
  const main = html`!${doneBanner(doneSentence(reader, shown.done ?? null, { published: 'rc.published' }))}
!${refusalBanner(reader, isMeanwhile ? undefined : error)}
!${isOutdated ? html`<p class="banner warn" role="status">${t('rc.meanwhile')}</p>` : ''}
<form method="post" class="rc">!${defaultButton({ action: show })}<input type="hidden" name="base" value="${isReviewed ? (current?.number ?? 0) : base}">
<div class="rc-text">!${linphonercEditor(reader, { label: 'rc.text', rows: 24, text, page: `${prefix}${path}`, error, isReviewed })}
!${review}
<div class="buttons">!${isReviewed ? html`<button class="button" name="action" value="publish">${t('rc.publish')}</button><button class="button plain" name="action" value="check">${t('rc.back')}</button>` : html`<button class="button" name="action" value="review">${t('rc.review')}</button><button class="button plain" name="action" value="check">${t('rc.check')}</button>`}</div></div>
<div class="rc-side"><div id="findings" role="status"><h2>${t('rc.findings')}</h2>!${findingList(reader, findings)}!${await keyHelp(reader, draft.linphonerc)}</div>
!${await preview(about, { draft, username: isReadable ? (sent?.account ?? '') : '', show })}</div></form>`;
  const actions = html`<a class="button plain" href="${prefix}${spacePath(space, '/linphonerc/versions')}">${t('rc.versions')}</a>`;
  const line = html`${t('rc.line')}!${current === undefined ? '' : html` !${versionLine(reader, current)}`}`;
  const page = { ...spaceHead(reader, space, '/linphonerc'), line, actions, main };
  return { html: shell(reader, caller, page), ...statusOf(error) };
}

/** Shows what the text would change in the document for one account's phones. */
async function preview(
  { app, reader, space }: SpaceView,
  { draft, username, show }: { readonly draft: Space; readonly username: string; readonly show: 'review' | 'preview' },
): Promise<string> {
  const { t } = reader;
  const { done: found, refusal } = await tryChange(
    async () => (username === '' ? undefined : getAccountOfSpace(app, space, username)),
    isUnknown,
  );
  const mistakes = refusal === undefined ? [] : [refusalText(t, refusal)];
  const shown =
    found === undefined
      ? ''
      : html`<h3>${t('rc.previewTitle', { name: found.account.displayName ?? found.account.username })}</h3>!${difference(reader, await previewChange(app, found, { ...found, space: draft }))}`;
  return html`<section>!${field({
    name: 'account',
    label: t('rc.previewFor'),
    hint: html`${t('rc.previewHint')}`,
    attributes: html`value="${username}" autocomplete="off" autocapitalize="none" spellcheck="false"`,
    mistakes,
  })}<button class="button plain" name="action" value="${show}">${t('rc.show')}</button>!${shown}</section>`;
}
