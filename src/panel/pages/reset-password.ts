import type { FastifyReply } from 'fastify';
import { html } from 'ghtml';
import { Type } from 'typebox';
import { administers } from '../../access/caller.ts';
import type { AccountInSpace } from '../../accounts/account.ts';
import { addressOf } from '../../accounts/account.ts';
import { minPasswordLength } from '../../accounts/password-rule.ts';
import {
  findPasswordReset,
  hasJustReset,
  resetLinkNotFound,
  resetPassword,
} from '../../administration/reset-password.ts';
import type { App } from '../../app.ts';
import type { AppError } from '../../errors.ts';
import { requireOwnPage } from '../../http/own-page.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import type { Sent } from '../../http/sent.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import { field } from '../parts/field.ts';
import { sentPassword } from '../parts/password-again.ts';
import { phonesThatStop } from '../parts/phones-with-new-password.ts';
import { plainPage } from '../parts/plain-page.ts';
import { concernsFields, isUnknown, statusOf, tryChange } from '../parts/refusal.ts';
import { type Reader, readerOf } from '../reader.ts';

const form = Type.Object({ password: sentPassword });

export const showReset = openEndpoint({
  params: ['token'],
  summary: 'Show the form that sets a new password; uses nothing up',
  signsIn: true,
  produces: ['text/html'],
  async handle({ app, params, request, reply }) {
    const found = await findPasswordReset(app, params.token);
    if (found === undefined) throw resetLinkNotFound();
    return sendPage(reply, await resetPage(app, readerOf(app, request, reply, found.space), found));
  },
});

export const submitReset = openEndpoint({
  params: ['token'],
  summary: 'Set a new password, and use the link up',
  signsIn: true,
  produces: ['text/html'],
  async handle({ app, params, body, request, reply }) {
    requireOwnPage(app, request);
    const { password = '' } = requireShape(form, body);
    const found = await findPasswordReset(app, params.token);
    if (found === undefined) return afterUse(app, reply, params.token);
    const { refusal } = await tryChange(
      () => resetPassword(app, params.token, password),
      (error) => isUnknown(error) || concernsFields(error),
    );
    if (refusal !== undefined) {
      if (isUnknown(refusal)) return afterUse(app, reply, params.token);
      return sendPage(reply, await resetPage(app, readerOf(app, request, reply, found.space), found, refusal));
    }
    const { account } = found;
    // The next page after the sign-in shows the code that phones now need.
    const page = administers(account) ? `/admin/accounts/${account.id}/provisioning` : '/account';
    const next = `${page}?done=password`;
    return seeOther(app, reply, `/login?${new URLSearchParams({ next, done: 'password' })}`);
  },
});

/**
 * Answers the second click of a double click, or somebody who has an old link. It names neither the account nor the
 * password that was set, and does not say whether the one in the form is the same.
 */
async function afterUse(app: App, reply: FastifyReply, token: string): Promise<Sent> {
  if (!(await hasJustReset(app, token))) throw resetLinkNotFound();
  const query = new URLSearchParams({ next: '/account?done=password', done: 'password-before' });
  return seeOther(app, reply, `/login?${query}`);
}

async function resetPage(app: App, reader: Reader, found: AccountInSpace, error?: AppError): Promise<Page> {
  const { t } = reader;
  const min = minPasswordLength({ space: found.space, admin: found.account.admin, actor: { isInPanel: true } });
  const main = html`<p class="soft"><bdi>${addressOf(found)}</bdi></p>
!${await phonesThatStop(app, reader, found.account)}
<form method="post">
!${field({
    name: 'password',
    label: t('reset.password'),
    hint: html`${t('reset.hint', { min })}`,
    attributes: 'type="password" required autocomplete="new-password"',
    mistakes: mistakesIn(t, error)?.password ?? [],
  })}
<button class="button">${t('reset.button')}</button>
</form>`;
  return plainPage(reader, { title: t('reset.title'), main, ...statusOf(error) });
}
