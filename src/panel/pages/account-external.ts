import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { managedAccount } from '../../access/managed-account.ts';
import { type AccountInSpace, externalProtocols } from '../../accounts/account.ts';
import { changeExternalAccount, clearExternalAccount } from '../../accounts/external-account.ts';
import { externalChangesShape } from '../../accounts/external-account-fields.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import type { MessageKey } from '../../locale/translate.ts';
import { accountHead } from '../parts/account-head.ts';
import { doneBanner } from '../parts/banner.ts';
import { field, mistakeList } from '../parts/field.ts';
import { sentPassword } from '../parts/password-again.ts';
import { ending, refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { editedFields, shownShape, shownValues, visibleFields } from '../parts/shown-values.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const text = Type.Optional(Type.String({ maxLength: 1000 }));
/** All fields but the password, which is never shown. */
const shownNames = ['username', 'auth_username', 'domain', 'realm', 'registrar', 'outbound_proxy', 'protocol'] as const;
const form = Type.Object({
  action: Type.Optional(Type.Enum(['save', 'remove'])),
  username: text,
  auth_username: text,
  domain: text,
  password: sentPassword,
  realm: text,
  registrar: text,
  outbound_proxy: text,
  protocol: text,
  ...shownShape(shownNames),
});
type Sent = Static<typeof form>;

const labels = {
  username: 'external.username',
  domain: 'external.domain',
  password: 'external.password',
  auth_username: 'external.authUsername',
  realm: 'external.realm',
  registrar: 'external.registrar',
  outbound_proxy: 'external.proxy',
} as const satisfies Readonly<Record<string, MessageKey>>;

export const showExternal = endpoint({
  params: ['id'],
  summary: 'Show the external account of an account',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const done = queryOf(request).get('done');
    return sendPage(reply, externalPage(readerOf(app, request, reply, found.space), caller, found, { done }));
  },
});

export const changeExternal = endpoint({
  params: ['id'],
  summary: 'Link, replace or unlink the external account of an account',
  form,
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const sent = requireShape(form, body);
    const isRemoved = sent.action === 'remove';
    const { refusal: error } = await tryChange(() =>
      isRemoved
        ? ending(() => clearExternalAccount(app, actorOf(caller), found))
        : changeExternalAccount(
            app,
            actorOf(caller),
            found.account,
            requireShape(externalChangesShape, changesIn(sent, found)),
          ),
    );
    const path = `/admin/accounts/${found.account.id}/external`;
    if (error === undefined) return seeOther(app, reply, `${path}?done=${isRemoved ? 'removed' : 'saved'}`);
    return sendPage(
      reply,
      externalPage(readerOf(app, request, reply, found.space), caller, found, { values: sent, error }),
    );
  },
});

/**
 * Returns the fields that were edited. If the user name or the domain is new, all fields count as the form shows them,
 * because nothing of another person or provider is kept. So do they with a password that was typed for a login that
 * somebody else has changed since.
 */
function changesIn({ action, password, ...sent }: Sent, found: AccountInSpace): object {
  const edited = editedFields(sent);
  const isNew = edited.username !== undefined || edited.domain !== undefined;
  const isAnother = found.account.external === null || isNew || (Boolean(password) && hasOtherLogin(sent, found));
  const { username, domain, ...optional } = isAnother ? { username: '', domain: '', ...visibleFields(sent) } : edited;
  const emptied = Object.entries(optional).map(([name, value]) => [name, value === '' ? null : value]);
  const names = Object.entries({ username, domain }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries([...names, ...emptied]), ...(password ? { password } : {}) };
}

/** Returns whether the login is another one than the form showed. */
function hasOtherLogin(sent: Sent, found: AccountInSpace): boolean {
  const stored = valuesOf(found);
  const login = ['username', 'domain', 'auth_username', 'realm'] as const;
  return login.some((name) => sent[`was_${name}`] !== undefined && sent[`was_${name}`] !== stored[name]);
}

interface Shown {
  readonly done?: string | null;
  readonly values?: Sent;
  readonly error?: AppError;
}

function externalPage(reader: Reader, caller: Caller, found: AccountInSpace, { done, values, error }: Shown): Page {
  const { t } = reader;
  const { tabs, ...head } = accountHead(reader, found, '/external');
  const { external } = found.account;
  const shown = values ?? valuesOf(found);
  const mistakes = mistakesIn(t, error) ?? {};
  const fields = Object.entries(labels).map(([name, label]) =>
    field({
      name,
      label: t(label),
      attributes: attributesOf(name as keyof typeof labels, shown),
      mistakes: mistakes[name] ?? [],
      ...(name === 'password' && external !== null ? { hint: html`${t('external.passwordHint')}` } : {}),
    }),
  );
  const main = html`!${tabs}
!${doneBanner(done === 'saved' ? t('external.saved') : done === 'removed' ? t('external.removed') : undefined)}
!${refusalBanner(reader, error)}
!${
    error?.fields === undefined
      ? ''
      : mistakeList(
          reader,
          Object.entries(mistakes).map(([name, lines]) => ({
            label: isField(name) ? t(labels[name]) : name,
            sentence: lines.join(' '),
            field: isField(name) ? name : undefined,
          })),
        )
  }
<p class="soft">${t('external.line')}</p>
<form method="post">!${shownValues(valuesOf(found), values)}
!${fields}
<div class="field"><label for="protocol">${t('external.protocol')}</label><select id="protocol" name="protocol">!${externalProtocols.map((each) => html`<option!${each === (shown.protocol ?? 'TLS') ? ' selected' : ''}>${each}</option>`)}</select></div>
<div class="buttons"><button class="button" name="action" value="save">${t(external === null ? 'external.link' : 'form.save')}</button>!${external === null ? '' : html`<button class="word soft" name="action" value="remove" formnovalidate>${t('external.unlink')}</button>`}</div></form>`;
  return { html: shell(reader, caller, { ...head, main }), ...statusOf(error) };
}

/** Returns whether a form field has this name. `in` would also find the properties that every object has. */
function isField(name: string): name is keyof typeof labels {
  return Object.hasOwn(labels, name);
}

function attributesOf(name: keyof typeof labels, values: Partial<Sent>): string {
  if (name === 'password') return 'type="password" autocomplete="new-password"';
  const required = name === 'username' || name === 'domain' ? ' required' : '';
  return html`value="${values[name] ?? ''}" autocapitalize="none" spellcheck="false" autocomplete="off"!${required}`;
}

function valuesOf({ account: { external } }: AccountInSpace): Record<(typeof shownNames)[number], string> {
  return {
    username: external?.username ?? '',
    auth_username: external?.authUsername ?? '',
    domain: external?.domain ?? '',
    realm: external?.realm ?? '',
    registrar: external?.registrar ?? '',
    outbound_proxy: external?.outboundProxy ?? '',
    protocol: external?.protocol ?? 'TLS',
  };
}
