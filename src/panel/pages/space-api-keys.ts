import { html } from 'ghtml';
import { Type } from 'typebox';
import { actorOf, type Caller } from '../../access/caller.ts';
import { grantApiKey } from '../../access/create-api-key.ts';
import { ownerOfNewKey } from '../../access/key-owner.ts';
import { isUnused } from '../../access/last-uses.ts';
import { type ApiKey, keysOfSpace, type OwnedKey, revokeApiKey } from '../../access/manage-api-keys.ts';
import { managedSpaceAt } from '../../access/managed-account.ts';
import type { Account } from '../../accounts/account.ts';
import { administratorsOf } from '../../accounts/list-accounts.ts';
import type { App } from '../../app.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { setShownOnce, takeShownOnce } from '../../http/shown-once.ts';
import { requireShape } from '../../lib/check-shape.ts';
import type { PageOfRows } from '../../lib/page-of-rows.ts';
import { type Mistakes, mistakesIn, refusalText } from '../../locale/failure-text.ts';
import type { Space } from '../../spaces/space.ts';
import { doneBanner, doneSentence } from '../parts/banner.ts';
import { field } from '../parts/field.ts';
import { afterIn, nextLink, pageOrFirst, placeIn, rowsOnPage } from '../parts/paging.ts';
import { passwordAgainField, sentPassword, withPasswordAgain } from '../parts/password-again.ts';
import { concernsFields, ending, statusOf, tryChange } from '../parts/refusal.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { moment, type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

const text = Type.Optional(Type.String({ maxLength: 400 }));
const form = Type.Object({
  action: Type.Enum(['create', 'revoke']),
  name: text,
  expires: text,
  bound_address: text,
  account: text,
  owner: text,
  key: text,
  current_password: sentPassword,
});

/** With more administrators than this, the owner of a key is typed, because the page has at most 60 kB. */
const maxChoices = 50;

export const showApiKeys = endpoint({
  params: ['domain'],
  summary: 'List the API keys of the administrators of a space; a new one is shown once',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const secret = takeShownOnce(app, request, reply, { caller, path: spacePath(space, '/api-keys') });
    const query = queryOf(request);
    const shown = { space, query, secret, done: query.get('done') };
    return sendPage(reply, await pageOf(app, readerOf(app, request, reply, space), caller, shown));
  },
});

export const changeApiKeys = endpoint({
  params: ['domain'],
  summary: 'Create an API key, or revoke one',
  form,
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const sent = requireShape(form, body);
    const { action, name = '', expires = '', bound_address: address = '', key = '' } = sent;
    const path = spacePath(space, '/api-keys');
    if (action === 'revoke') {
      await ending(() => revokeApiKey(app, actorOf(caller), { space }, key));
      return seeOther(app, reply, `${path}?done=revoke${placeIn(queryOf(request))}`);
    }
    const { done: secret, refusal: error } = await tryChange(async () => {
      const owner = await ownerOfNewKey(app, caller, space, sent);
      const wish = {
        name: name || null,
        ...(expires === '' ? {} : { expires }),
        ...(address === '' ? {} : { bound_address: address }),
      };
      return withPasswordAgain({ app, caller, request, reply }, sent.current_password, async (by) => {
        return (await grantApiKey(app, by, owner, wish)).secret;
      });
    }, isMistake);
    if (error !== undefined) {
      const { account, owner } = sent;
      const shown = { space, query: queryOf(request), error, name, expires, address, account, owner };
      return sendPage(reply, await pageOf(app, readerOf(app, request, reply, space), caller, shown));
    }
    setShownOnce(app, reply, secret, { caller, path });
    return seeOther(app, reply, `${path}?done=create`);
  },
});

function isMistake(error: AppError): boolean {
  return concernsFields(error) || isUnknownOwner(error);
}

function isUnknownOwner(error: AppError): boolean {
  return error.factsOf('not-found')?.what === 'account-of-space';
}

interface Shown {
  readonly space: Space;
  readonly query: URLSearchParams;
  readonly secret?: string | undefined;
  readonly done?: string | null;
  readonly error?: AppError;
  readonly name?: string;
  readonly expires?: string;
  readonly address?: string;
  /** The id of the chosen administrator. */
  readonly account?: string | undefined;
  /** The user name of the administrator, if it was typed. */
  readonly owner?: string | undefined;
}

async function pageOf(app: App, reader: Reader, caller: Caller, shown: Shown): Promise<Page> {
  const { t, prefix } = reader;
  const { space, query, secret, error } = shown;
  const mistakes = mistakesIn(t, error);
  const keys = await pageOrFirst(afterIn(query), (after) => keysOfSpace(app, space, { after, limit: rowsOnPage }));
  const administrators = await administratorsOf(app, space, { after: undefined, limit: maxChoices });
  const path = `${prefix}${spacePath(space, '/api-keys')}`;
  const next = keys.more ? `${path}?after=${keys.rows.at(-1)?.key.id}` : undefined;
  const done = secret === undefined && shown.done === 'create' ? null : (shown.done ?? null);
  const main = html`!${doneBanner(doneSentence(reader, done, { create: 'keys.made', revoke: 'keys.revoked' }))}
!${secret === undefined ? '' : html`<section class="once"><p class="field"><label for="secret">${t('keys.secret')}</label><input id="secret" class="copy" value="${secret}" readonly autocomplete="off"></p><p class="hint">${t('keys.once')}</p></section>`}
!${keys.rows.length === 0 ? html`<h2>${t('keys.empty')}</h2><p class="soft">${t('keys.emptyLine')}</p>` : table(reader, keys.rows)}
!${nextLink(reader, next)}
<section><h2>${t('keys.add')}</h2>!${administrators.rows.length === 0 ? nobody(reader, space) : addForm(app, reader, caller, { shown, mistakes, administrators })}</section>`;
  const page = { ...spaceHead(reader, space, '/api-keys'), line: html`${t('keys.line')}`, main };
  return { html: shell(reader, caller, page), ...statusOf(error) };
}

/** A key has the rights of its owner, so there is none in a space without administrators. */
function nobody({ t, prefix }: Reader, space: Space): string {
  return html`<p>${t('keys.nobody')} <a href="${prefix}${spacePath(space, '/administrators')}">${t('space.administrators')}</a></p>`;
}

interface AddForm {
  readonly shown: Shown;
  readonly mistakes: Mistakes | undefined;
  readonly administrators: PageOfRows<Account>;
}

function addForm(app: App, reader: Reader, caller: Caller, { shown, mistakes, administrators }: AddForm): string {
  const { t } = reader;
  return html`<form method="post">
!${field({ name: 'name', label: t('keys.name'), hint: html`${t('keys.nameHint')}`, attributes: html`value="${shown.name ?? ''}" autocomplete="off"`, mistakes: mistakes?.name ?? [] })}
!${field({ name: 'expires', label: t('keys.expires'), hint: html`${t('keys.expiresHint')}`, attributes: html`value="${shown.expires ?? ''}" autocomplete="off"`, mistakes: mistakes?.expires ?? [] })}
!${field({ name: 'bound_address', label: t('keys.boundAddress'), hint: html`${t('keys.boundAddressHint')}`, attributes: html`value="${shown.address ?? ''}" autocomplete="off" spellcheck="false" autocapitalize="none"`, mistakes: mistakes?.bound_address ?? [] })}
!${owners(reader, caller, { shown, mistakes, administrators })}
!${passwordAgainField(reader, caller, { now: app.now(), mistakes })}
<div class="buttons"><button class="button" name="action" value="create">${t('keys.addButton')}</button></div>
</form>`;
}

/**
 * Returns the field for the owner of a key, whose rights the key gets: the caller or, in another space, one of its
 * administrators.
 */
function owners(reader: Reader, caller: Caller, { shown, mistakes, administrators }: AddForm): string {
  const { t } = reader;
  if (administrators.more) return typedOwner(reader, caller, shown, mistakes?.owner);
  const chosen = shown.account || String(caller.account.id);
  const options = administrators.rows.map(
    ({ id, username }) => html`<option value="${id}"!${String(id) === chosen ? ' selected' : ''}>${username}</option>`,
  );
  return field({
    name: 'account',
    label: t('keys.owner'),
    attributes: '',
    options: options.join(''),
    mistakes: mistakes?.owner ?? [],
  });
}

/** Returns the field for the owner's user name, where there are too many administrators to choose from. */
function typedOwner(
  { t }: Reader,
  caller: Caller,
  { space, owner, error }: Shown,
  mistakes: readonly string[] = [],
): string {
  const own = caller.space.id === space.id ? caller.account.username : '';
  return field({
    name: 'owner',
    label: t('keys.owner'),
    hint: html`${t('keys.ownerHint')}`,
    attributes: html`value="${owner ?? own}" autocomplete="off" spellcheck="false" autocapitalize="none"`,
    mistakes: error !== undefined && isUnknownOwner(error) ? [refusalText(t, error)] : mistakes,
  });
}

function table(reader: Reader, keys: readonly OwnedKey[]): string {
  const { t } = reader;
  const rows = keys.map(({ key, username }) => row(reader, key, username));
  return html`<table class="keys"><thead><tr><th scope="col">${t('keys.name')}</th><th scope="col">${t('keys.lastUse')}</th><th scope="col">${t('keys.expiry')}</th><td></td></tr></thead><tbody>!${rows}</tbody></table>`;
}

function row(reader: Reader, key: ApiKey, username: string): string {
  const { t } = reader;
  const address =
    key.boundAddress === null
      ? ''
      : html`<span class="second">${t('keys.boundTo', { address: key.boundAddress })}</span>`;
  return html`<tr data-id="${key.id}"><td><b><bdi>${key.name ?? t('keys.unnamed', { id: key.id })}</bdi></b><span class="second">${username}</span>!${address}</td>
<td>!${isUnused(key) ? html`${t('keys.never')}` : moment(reader, key.lastUsedAt)}</td>
<td>!${key.expiresAt === null ? html`${t('keys.noEnd')}` : moment(reader, key.expiresAt)}</td>
<td><form method="post"><input type="hidden" name="key" value="${key.id}"><button class="word soft" name="action" value="revoke">${t('keys.revoke')}<span class="hidden"> ${key.name ?? String(key.id)}</span></button></form></td></tr>`;
}
