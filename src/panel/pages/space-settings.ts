import { html } from 'ghtml';
import { type Caller, isSuperAdministrator } from '../../access/caller.ts';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { checkRegistrar } from '../../administration/check-registrar.ts';
import { updateSpaceFor } from '../../administration/update-space.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { maxFormBytes } from '../../http/request-size.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import type { ServerAnswer } from '../../network/ask-server.ts';
import { maxLogoBytes } from '../../spaces/check-setting.ts';
import type { Space } from '../../spaces/space.ts';
import { spaceChangesShape } from '../../spaces/space-fields.ts';
import { maxCertificateLength, maxSeeded } from '../../spaces/space-settings.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import { mistakeList } from '../parts/field.ts';
import { passwordAgain, passwordAgainField, withPasswordAgain } from '../parts/password-again.ts';
import { concernsFields, isConflict, refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { type SentSettings, sentSettings } from '../parts/sent-settings.ts';
import { serverAnswer } from '../parts/server-answer.ts';
import { settingField, settingLabel, valueText } from '../parts/setting-field.ts';
import { type SettingGroup, settingGroups } from '../parts/setting-groups.ts';
import { shownValues } from '../parts/shown-values.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

/** The long fields, which the form sends a second time as it showed them. Each pattern is a line. */
const maxTextLength = maxCertificateLength + maxSeeded.patterns * (maxSeeded.length + 1);

export const showSpaceSettings = endpoint({
  params: ['domain'],
  summary: 'Show the settings of a space',
  produces: ['text/html'],
  handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const done = queryOf(request).get('done');
    return sendPage(reply, settingsPage(readerOf(app, request, reply, space), caller, space, { done, now: app.now() }));
  },
});

export const submitSpaceSettings = endpoint({
  params: ['domain'],
  summary: 'Change settings of a space, or ask its SIP server; fields that are not sent stay as they are',
  produces: ['text/html'],
  maxBodyBytes: maxFormBytes(2 * maxTextLength, maxLogoBytes),
  async handle({ app, caller, params, body, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    // All groups, including those that the page does not show: settings that the caller may not change must be refused,
    // not ignored.
    const sent = sentSettings(body, settingGroups({ isSuper: true }));
    const show = (news: Pick<Shown, 'answer' | 'error'>) =>
      sendPage(
        reply,
        settingsPage(readerOf(app, request, reply, space), caller, space, { sent, now: app.now(), ...news }),
      );
    const { done, refusal } = await tryChange(async () => {
      if (isCheck(body)) return checkRegistrar(app, caller, space, sent.typed.get('registrar') ?? '');
      const changes = requireShape(spaceChangesShape, sent.changes);
      return withPasswordAgain({ app, caller, request, reply }, passwordIn(body), (by) =>
        updateSpaceFor(app, by, space, changes),
      );
    }, isRefused);
    const wait = refusal?.factsOf('too-many-requests');
    if (wait !== undefined) reply.header('retry-after', String(wait.retryAfterSeconds));
    if (refusal !== undefined) return show({ error: refusal });
    return 'space' in done
      ? seeOther(app, reply, `${spacePath(done.space, '/settings')}?done=save`)
      : show({ answer: done });
  },
});

function isRefused(error: AppError): boolean {
  return concernsFields(error) || isConflict(error) || error.kind === 'too-many';
}

function passwordIn(body: unknown): string | undefined {
  const { [passwordAgain]: password } = { ...(body as Readonly<Record<string, unknown>>) };
  return typeof password === 'string' ? password : undefined;
}

function isCheck(body: unknown): boolean {
  return Object.entries(body ?? {}).some(([name, value]) => name === 'action' && value === 'check');
}

interface Shown {
  readonly done?: string | null;
  readonly sent?: SentSettings;
  readonly error?: AppError;
  readonly answer?: ServerAnswer;
  readonly now: number;
}

interface View {
  readonly reader: Reader;
  readonly caller: Caller;
  readonly space: Space;
  readonly shown: Shown;
}

function settingsPage(reader: Reader, caller: Caller, space: Space, shown: Shown): Page {
  const { t } = reader;
  const groups = settingGroups({ isSuper: isSuperAdministrator(caller) });
  const { error } = shown;
  const main = html`!${doneBanner(doneSentence(reader, shown.done ?? null, { save: 'form.saved' }))}
!${refusalBanner(reader, error)}
!${mistakesOf(reader, groups, error)}
!${groups.map((group) => groupForm({ reader, caller, space, shown }, group))}`;
  const page = { ...spaceHead(reader, space, '/settings'), line: html`${t('settings.line')}`, main };
  return { html: shell(reader, caller, page), ...statusOf(error) };
}

/** Returns one group as a form of its own, so that a mistake in it does not prevent saving the others. */
function groupForm({ reader, caller, space, shown }: View, { id, title, entries }: SettingGroup): string {
  const { t } = reader;
  const mistakes = mistakesIn(t, shown.error);
  const fields = entries.map((entry) =>
    settingField(reader, entry, {
      space,
      typed: shown.sent?.typed.get(entry.name),
      isLost: shown.sent?.lost.includes(entry.name),
      isRemoved: shown.sent?.removed.includes(entry.name),
      mistakes: mistakes?.[entry.name] ?? [],
      note: entry.name === 'registrar' && shown.answer !== undefined ? serverAnswer(reader, shown.answer) : '',
    }),
  );
  const files = entries.some(({ setting }) => setting.fromFile === 'base64') ? ' enctype="multipart/form-data"' : '';
  const asks = shown.error?.code === 'confirmation-needed' && entries.some(({ name }) => name === 'realm');
  const confirm = asks
    ? html`<div class="check"><input type="checkbox" id="confirm" name="confirm" value="true"><label for="confirm">${t('settings.confirm')}</label></div>`
    : '';
  // Shown only after a refusal, because the other settings of the group need no password.
  const password =
    mistakes?.[passwordAgain] !== undefined && entries.some(({ name }) => name === 'super')
      ? passwordAgainField(reader, caller, { now: shown.now, mistakes })
      : '';
  const check = entries.some(({ name }) => name === 'registrar')
    ? html`<button class="button plain" name="action" value="check">${t('server.check')}</button>`
    : '';
  return html`<section id="${id}"><h2>${t(title)}</h2>
<form method="post"!${files}>!${shownValues(textsOf(entries, space), shown.sent?.shown)}
!${fields}!${confirm}!${password}
<div class="buttons"><button class="button plain">${t('settings.save', { group: t(title) })}</button>!${check}</div></form></section>`;
}

/** Returns the values that the form shows. Secrets and files are never shown. */
function textsOf(entries: SettingGroup['entries'], space: Space): Record<string, string> {
  const shown = entries.filter(({ setting }) => !setting.secret && setting.fromFile !== 'base64');
  return Object.fromEntries(shown.map((entry) => [entry.name, valueText(entry, space)]));
}

function mistakesOf(reader: Reader, groups: readonly SettingGroup[], error: AppError | undefined): string {
  const entries = groups.flatMap((group) => group.entries);
  const mistakes = Object.entries(mistakesIn(reader.t, error) ?? {}).flatMap(([name, sentences]) => {
    const entry = entries.find((each) => each.name === name);
    const label =
      name === passwordAgain ? reader.t('confirm.password') : entry === undefined ? name : settingLabel(reader, entry);
    return sentences.map((sentence) => ({
      label,
      sentence,
      field: name === passwordAgain ? name : entry?.name,
    }));
  });
  return mistakes.length === 0 ? '' : mistakeList(reader, mistakes);
}
