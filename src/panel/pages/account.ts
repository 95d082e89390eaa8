import { html } from 'ghtml';
import { Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { managedAccount } from '../../access/managed-account.ts';
import type { Account, AccountInSpace } from '../../accounts/account.ts';
import { type AccountChanges, accountChangesShape } from '../../accounts/account-fields.ts';
import { changeAccountState, type StateChange } from '../../administration/change-account-state.ts';
import { updateAccountFor } from '../../administration/update-account.ts';
import type { Device } from '../../devices/device.ts';
import { listDevices } from '../../devices/list-devices.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { renewSessionCookie } from '../../http/session-cookie.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { type Mistakes, mistakesIn } from '../../locale/failure-text.ts';
import { isMessageKey } from '../../locale/translate.ts';
import {
  type AccountForm,
  accountChangesOf,
  accountFields,
  accountForm,
  accountMistakes,
} from '../parts/account-form.ts';
import { accountHead } from '../parts/account-head.ts';
import { doneBanner } from '../parts/banner.ts';
import { defaultButton } from '../parts/default-button.ts';
import { field } from '../parts/field.ts';
import { passwordAgain, passwordAgainField, withPasswordAgain } from '../parts/password-again.ts';
import { phonesWithNewPassword } from '../parts/phones-with-new-password.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { editedFields, shownShape, shownValues } from '../parts/shown-values.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import type { Asked } from '../view.ts';

export const showAccount = endpoint({
  params: ['id'],
  summary: 'Show an account',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const devices = await listDevices(app, found.account);
    const done = queryOf(request).get('done');
    return sendPage(reply, accountPage(readerOf(app, request, reply, found.space), caller, found, { devices, done }));
  },
});

/** The buttons of the page. Any other action is refused. */
const actions = ['save', 'activate', 'deactivate', 'unblock', 'block', 'delete'] as const;
const editable = ['display_name', 'email', 'phone', 'group', 'language', 'note', 'admin'] as const;
const form = Type.Object({
  ...accountForm.properties,
  ...shownShape([...editable, 'username']),
  action: Type.Optional(Type.Enum([...actions])),
});
type Sent = AccountForm & { readonly action: StateChange | 'save' };

export const submitAccount = endpoint({
  params: ['id'],
  summary: 'Change an account or its state',
  form,
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const { action = 'save', ...fields } = requireShape(form, body);
    // These actions have pages of their own that ask first.
    if (action === 'block' || action === 'delete') {
      return seeOther(app, reply, `/admin/accounts/${found.account.id}/${action}`);
    }
    const sent = { ...fields, action };
    const { done: path, refusal: error } = await tryChange(async () => {
      const change =
        action === 'save'
          ? requireShape(accountChangesShape, accountChangesOf(editedFields(fields), found.account))
          : action;
      return withPasswordAgain({ app, caller, request, reply }, fields.current_password, (by) =>
        changeAccount({ app, caller: by, request, reply }, found, change),
      );
    });
    if (error === undefined) return seeOther(app, reply, path);
    const devices = await listDevices(app, found.account);
    const reader = readerOf(app, request, reply, found.space);
    return sendPage(reply, accountPage(reader, caller, found, { devices, values: sent, error, now: app.now() }));
  },
});

/** Changes the account. Returns the path of the next page. */
async function changeAccount(
  { app, caller, reply }: Asked,
  found: AccountInSpace,
  change: StateChange | AccountChanges,
): Promise<string> {
  const { account } = found;
  const path = `/admin/accounts/${account.id}`;
  if (typeof change === 'string') {
    await changeAccountState(app, actorOf(caller), account, change);
    return `${path}?done=${change}`;
  }
  const { session } = await updateAccountFor(app, caller, found, { ...change, ensuresCode: true });
  if (session !== undefined) renewSessionCookie(app, reply, session);
  return change.password === undefined ? `${path}?done=save` : `${path}/provisioning?done=password`;
}

interface Shown {
  readonly devices: readonly Device[];
  readonly done?: string | null;
  readonly values?: Sent;
  readonly error?: AppError;
  /** The time at which the form was refused. */
  readonly now?: number;
}

function accountPage(reader: Reader, caller: Caller, found: AccountInSpace, shown: Shown): Page {
  const { t, prefix } = reader;
  const { account, space } = found;
  const { devices, done = null, values, error, now = 0 } = shown;
  const fields = mistakesIn(t, error);
  const { [passwordAgain]: again, ...mistakes } = fields ?? {};
  const { tabs, ...head } = accountHead(reader, found, '');
  const againField = (isOptional: boolean) =>
    again === undefined ? '' : passwordAgainField(reader, caller, { now, mistakes: fields, isOptional });
  const isSaving = values === undefined || values.action === 'save';
  const of = { values: { ...valuesOf(account), ...values }, mistakes: fields, space };
  const main = html`!${tabs}
!${banner(reader, account, done)}
!${refusalBanner(reader, error)}
!${Object.keys(mistakes).length === 0 ? '' : accountMistakes(reader, mistakes)}
<form method="post">
!${shownValues(valuesOf(account), values)}
!${accountFields(reader, editable, of)}
!${isSaving ? againField(false) : ''}
<section><h2>${t('account.signIn')}</h2>
<p class="hint">${t('account.renameHint')}</p>
!${accountFields(reader, ['username'], of)}
!${newPasswordField(reader, fields)}
!${phonesWithNewPassword(reader, devices)}</section>
<div class="buttons"><button class="button" name="action" value="save">${t('form.save')}</button></div>
</form>
<section><h2>${t('account.state')}</h2><p class="soft">${t(stateKey(account))}</p>
<form method="post">!${isSaving ? '' : html`!${defaultButton({ action: values.action })}!${againField(true)}`}<div class="buttons">!${stateButtons(reader, account)}</div></form></section>
<section><h2>${t('account.delete')}</h2><p class="soft">${t('account.deleteLine')}</p><p><a class="button plain" href="${prefix}/admin/accounts/${account.id}/delete">${t('account.delete')}</a></p></section>`;
  return { html: shell(reader, caller, { ...head, main }), ...statusOf(error) };
}

function newPasswordField({ t }: Reader, mistakes: Mistakes = {}): string {
  const label = t('account.newPassword');
  return field({
    name: 'password',
    label,
    hint: html`${t('account.newPasswordHint')}`,
    attributes: 'type="password" autocomplete="new-password"',
    mistakes: mistakes.password ?? [],
  });
}

/** Returns the banner about what was just done. After blocking, it has a button to undo that. */
function banner({ t }: Reader, { blockedAt }: Account, done: string | null): string {
  const key = `account.done.${done}`;
  const text = isMessageKey(key) ? t(key) : done === 'save' ? t('form.saved') : undefined;
  const isBlocking = (done === 'block' || done === 'left') && blockedAt !== null;
  const undo = html`<form method="post"><button class="word" name="action" value="unblock">${t('account.undo')}</button></form>`;
  return doneBanner(text, isBlocking ? undo : '');
}

function valuesOf({ username, displayName, email, phone, group, language, note, admin }: Account) {
  return {
    username,
    display_name: displayName ?? '',
    email: email ?? '',
    phone: phone ?? '',
    group: group ?? '',
    language: language ?? '',
    note: note ?? '',
    admin: String(admin),
  };
}

function stateKey({ blockedAt, activatedAt }: Account) {
  if (blockedAt !== null) return 'account.isBlocked';
  return activatedAt === null ? 'account.isInactive' : 'account.isActive';
}

function stateButtons({ t }: Reader, { blockedAt, activatedAt }: Account): string {
  const activate = activatedAt === null ? 'activate' : 'deactivate';
  const unblock = html`<button class="button plain" name="action" value="unblock">${t('account.unblock')}</button>`;
  return html`!${blockedAt === null ? '' : unblock}
<button class="button plain" name="action" value="${activate}">${t(`account.${activate}`)}</button>`;
}
