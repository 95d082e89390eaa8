import { html } from 'ghtml';
import { Type } from 'typebox';
import { actorOf } from '../../access/caller.ts';
import { managedAccount } from '../../access/managed-account.ts';
import type { AccountInSpace } from '../../accounts/account.ts';
import type { Device } from '../../devices/device.ts';
import { listDevices } from '../../devices/list-devices.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import type { MessageKey } from '../../locale/translate.ts';
import { invite } from '../../mail/invite.ts';
import { lastInvitationOf } from '../../mail/list-mails.ts';
import type { Mail } from '../../mail/mail.ts';
import { type FollowedCode, followedCodeOf } from '../../provisioning/newest-code.ts';
import { issueToken } from '../../tokens/issue-token.ts';
import { revokeAllTokens } from '../../tokens/revoke-token.ts';
import { accountHead } from '../parts/account-head.ts';
import { doneBanner } from '../parts/banner.ts';
import { codePanel } from '../parts/code-panel.ts';
import { livePart } from '../parts/live.ts';
import { mailState } from '../parts/mail-state.ts';
import { phonesWithNewPassword } from '../parts/phones-with-new-password.ts';
import { sheetPath } from '../parts/sheet-cards.ts';
import { moment, type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace } from '../space-in-view.ts';
import type { AccountView } from '../view.ts';

const form = Type.Object({
  action: Type.Optional(Type.Enum(['issue', 'mail', 'revoke'])),
  lifetime: Type.Optional(Type.String()),
  reset_password: Type.Optional(Type.String()),
});

export const showCode = endpoint({
  params: ['id'],
  summary: 'Show the code of an account',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const code = await followedCodeOf(app, found);
    const mail = await lastInvitationOf(app, found.account);
    const devices = await listDevices(app, found.account);
    const page = { app, reader: readerOf(app, request, reply, found.space), caller, found, code, mail, devices };
    return sendPage(reply, { html: codePage(page, queryOf(request).get('done')) });
  },
});

export const changeCode = endpoint({
  params: ['id'],
  summary: 'Issue a code, or end the one that is valid',
  form,
  produces: ['text/html'],
  async handle({ app, caller, params, body, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const path = `/admin/accounts/${found.account.id}/provisioning`;
    const { action, lifetime, reset_password } = requireShape(form, body);
    if (action === 'revoke') {
      await revokeAllTokens(app, actorOf(caller), found.account);
      return seeOther(app, reply, `${path}?done=ended`);
    }
    if (action === 'mail') {
      await invite(app, actorOf(caller), found);
      return seeOther(app, reply, `${path}?done=mailed`);
    }
    const wish = lifetime === undefined || lifetime === '' ? {} : { lifetime };
    const code = app.codes.make({ resetsPassword: reset_password !== undefined });
    await issueToken(app, actorOf(caller), found, { ...wish, code });
    return seeOther(app, reply, `${path}?done=issued`);
  },
});

interface Shown extends AccountView {
  readonly code: FollowedCode | undefined;
  readonly mail: Mail | undefined;
  readonly devices: readonly Device[];
}

function codePage({ app, reader, caller, found, code, mail, devices }: Shown, done: string | null): string {
  const { tabs, ...head } = accountHead(reader, found, '/provisioning');
  const main = html`!${tabs}
!${banner(reader, done)}
!${code === undefined ? html`<h2>${reader.t('code.never')}</h2><p class="soft">${reader.t('code.neverLine')}</p>` : liveCode({ app, reader, caller, found }, code)}
!${mailPart(reader, found, mail)}
!${makeCode(reader, code?.open !== undefined, found.space.tokenLifetime ?? app.tokenLifetimeMs, devices)}`;
  return shell(reader, caller, { ...head, main });
}

function liveCode(
  { app, reader, caller, found }: Pick<Shown, 'app' | 'reader' | 'caller' | 'found'>,
  code: FollowedCode,
): string {
  const page = `${reader.prefix}/admin/accounts/${found.account.id}/provisioning`;
  const { state, isLast } = code.progress;
  const sheet = inSpace(caller, found.space, sheetPath([found.account.id]));
  const actions = html`<a class="button plain" href="${reader.prefix}${sheet}">${reader.t('code.print')}</a>`;
  const content = codePanel(reader, found, code, { now: app.now(), actions });
  return livePart({ id: 'code', events: `${page}/live`, page, state, isLast, content });
}

const banners: Readonly<Record<string, MessageKey>> = {
  issued: 'code.made',
  ended: 'code.ended',
  mailed: 'code.mailed',
  password: 'account.passwordDone',
};

function banner({ t }: Reader, done: string | null): string {
  const key = done !== null && Object.hasOwn(banners, done) ? banners[done] : undefined;
  return doneBanner(key === undefined ? undefined : t(key));
}

function mailPart(reader: Reader, { account: { email, blockedAt } }: AccountInSpace, mail: Mail | undefined): string {
  const { t } = reader;
  if (blockedAt !== null) return '';
  const last =
    mail === undefined
      ? ''
      : html`<p class="small soft">!${mailState(reader, mail)} !${moment(reader, mail.endedAt ?? mail.queuedAt)}</p>`;
  if (email === null) return html`<p class="soft">${t('code.noMail')}</p>`;
  return html`<form method="post" class="buttons"><button class="button plain" name="action" value="mail">${t('code.mail')}</button><bdi class="soft">${email}</bdi></form>!${last}`;
}

const lifetimes = [
  ['1h', { hours: 1 }],
  ['1d', { days: 1 }],
  ['7d', { days: 7 }],
  ['30d', { days: 30 }],
] as const;

function makeCode(reader: Reader, hasCode: boolean, usualMs: number, devices: readonly Device[]): string {
  const { t } = reader;
  const usual = usualMs === 0 ? t('code.noEnd') : t('code.days', { days: Math.round(usualMs / 86_400_000) });
  const options = lifetimes.map(
    ([value, of]) =>
      html`<option value="${value}">${'hours' in of ? t('code.hours', of) : t('code.days', of)}</option>`,
  );
  return html`<section><h2>${t(hasCode ? 'code.makeTitle' : 'code.makeFirst')}</h2>
!${hasCode ? html`<p class="soft">${t('code.ends')}</p>` : ''}
<form method="post">
<div class="field"><label for="lifetime">${t('code.lifetime')}</label><select id="lifetime" name="lifetime"><option value="">${t('code.usual', { time: usual })}</option>!${options}<option value="0">${t('code.noEnd')}</option></select></div>
<div class="check"><input type="checkbox" id="reset_password" name="reset_password" value="1"><label for="reset_password">${t('code.reset')}</label></div>
!${phonesWithNewPassword(reader, devices)}
<div class="buttons"><button class="button plain" name="action" value="issue">${t('code.new')}</button>!${hasCode ? html`<button class="word soft" name="action" value="revoke">${t('code.end')}</button>` : ''}</div>
</form></section>`;
}
