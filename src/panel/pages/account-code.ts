import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import { actorOf } from '../../access/caller.ts';
import { managedAccount } from '../../access/managed-account.ts';
import type { AccountInSpace } from '../../accounts/account.ts';
import type { Device } from '../../devices/device.ts';
import { listDevices } from '../../devices/list-devices.ts';
import type { AppError } from '../../errors.ts';
import { queryOf } from '../../http/client-facts.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { parseDuration } from '../../lib/duration.ts';
import { type Mistakes, mistakesIn } from '../../locale/failure-text.ts';
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
import { box, field, isTicked } from '../parts/field.ts';
import { livePart } from '../parts/live.ts';
import { mailState } from '../parts/mail-state.ts';
import { phonesWithNewPassword } from '../parts/phones-with-new-password.ts';
import { refusalBanner, statusOf, tryChange } from '../parts/refusal.ts';
import { sheetPath } from '../parts/sheet-cards.ts';
import { settingDurationText } from '../parts/when.ts';
import { moment, type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace } from '../space-in-view.ts';
import type { AccountView, Asked } from '../view.ts';

const form = Type.Object({
  action: Type.Enum(['issue', 'mail', 'revoke']),
  lifetime: Type.Optional(Type.String()),
  reset_password: box,
});
type Sent = Static<typeof form>;

export const showCode = endpoint({
  params: ['id'],
  summary: 'Show the code of an account',
  produces: ['text/html'],
  async handle(asked) {
    const found = await managedAccount(asked.app, asked.caller, asked.params.id);
    return sendPage(asked.reply, await codePage(asked, found, { done: queryOf(asked.request).get('done') }));
  },
});

export const changeCode = endpoint({
  params: ['id'],
  summary: 'Issue a code, or end the one that is valid',
  form,
  produces: ['text/html'],
  async handle(asked) {
    const { app, caller, params, reply } = asked;
    const found = await managedAccount(app, caller, params.id);
    const sent = requireShape(form, asked.body);
    const { done, refusal: error } = await tryChange(() => change(asked, found, sent));
    if (error === undefined)
      return seeOther(app, reply, `/admin/accounts/${found.account.id}/provisioning?done=${done}`);
    return sendPage(reply, await codePage(asked, found, { sent, error }));
  },
});

/** Runs the action of a button. Returns the name of the message to show. */
async function change({ app, caller }: Pick<Asked, 'app' | 'caller'>, found: AccountInSpace, sent: Sent) {
  const { action, lifetime = '', reset_password } = sent;
  const actor = actorOf(caller);
  if (action === 'revoke') {
    await revokeAllTokens(app, actor, found.account);
    return 'ended';
  }
  if (action === 'mail') {
    await invite(app, actor, found);
    return 'mailed';
  }
  const code = app.codes.make({ resetsPassword: isTicked(reset_password) });
  await issueToken(app, actor, found, { ...(lifetime === '' ? {} : { lifetime }), code });
  return 'issued';
}

/** The result of the page's forms, with the submitted values if they were refused. */
interface News {
  readonly done?: string | null;
  readonly sent?: Partial<Sent>;
  readonly error?: AppError;
}

async function codePage(
  { app, caller, request, reply }: Asked,
  found: AccountInSpace,
  { done = null, sent = {}, error }: News,
): Promise<Page> {
  const reader = readerOf(app, request, reply, found.space);
  const code = await followedCodeOf(app, found);
  const mail = await lastInvitationOf(app, found.account);
  const devices = await listDevices(app, found.account);
  const hasCode = code?.open !== undefined;
  const usualMs = found.space.tokenLifetime ?? app.tokenLifetimeMs;
  const { tabs, ...head } = accountHead(reader, found, '/provisioning');
  const main = html`!${tabs}
!${banner(reader, done)}
!${refusalBanner(reader, error)}
!${code === undefined ? html`<h2>${reader.t('code.never')}</h2><p class="soft">${reader.t('code.neverLine')}</p>` : liveCode({ app, reader, caller, found }, code)}
!${mailPart(reader, found, mail)}
!${makeCode(reader, { hasCode, usualMs, devices, sent, mistakes: mistakesIn(reader.t, error) })}`;
  return { html: shell(reader, caller, { ...head, main }), ...statusOf(error) };
}

function liveCode({ app, reader, caller, found }: AccountView, code: FollowedCode): string {
  const page = `${reader.prefix}/admin/accounts/${found.account.id}/provisioning`;
  const sheet = inSpace(caller, found.space, sheetPath([found.account.id]));
  const actions = html`<a class="button plain" href="${reader.prefix}${sheet}">${reader.t('code.print')}</a>`;
  const content = codePanel(reader, found, code, { now: app.now(), actions });
  return livePart({ id: 'code', events: `${page}/live`, page, ...code.progress, content });
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

const lifetimes = ['1h', '1d', '7d', '30d', '0'] as const;

interface MakeCode {
  /** Whether the account has a valid code. */
  readonly hasCode: boolean;
  /** The lifetime that applies unless another one is chosen; 0 means forever. */
  readonly usualMs: number;
  readonly devices: readonly Device[];
  readonly sent: Partial<Sent>;
  readonly mistakes: Mistakes | undefined;
}

function makeCode(reader: Reader, { hasCode, usualMs, devices, sent, mistakes = {} }: MakeCode): string {
  const { t } = reader;
  const lifetime = field({
    name: 'lifetime',
    label: t('code.lifetime'),
    attributes: '',
    options: lifetimeOptions(reader, usualMs, sent.lifetime ?? ''),
    mistakes: Object.values(mistakes).flat(),
  });
  const resets = sent.reset_password === undefined ? '' : ' checked';
  return html`<section><h2>${t(hasCode ? 'code.makeTitle' : 'code.makeFirst')}</h2>
!${hasCode ? html`<p class="soft">${t('code.ends')}</p>` : ''}
<form method="post">
!${lifetime}
<div class="check"><input type="checkbox" id="reset_password" name="reset_password" value="true"!${resets}><label for="reset_password">${t('code.reset')}</label></div>
!${phonesWithNewPassword(reader, devices)}
<div class="buttons"><button class="button plain" name="action" value="issue">${t('code.new')}</button>!${hasCode ? html`<button class="word soft" name="action" value="revoke">${t('code.end')}</button>` : ''}</div>
</form></section>`;
}

/** Returns the options. If another lifetime was submitted, it is an option too. */
function lifetimeOptions(reader: Reader, usualMs: number, sent: string): string {
  const { t } = reader;
  const words = (ms: number) => (ms === 0 ? t('code.noEnd') : settingDurationText(reader, ms));
  const known: [string, string][] = [
    ['', t('code.usual', { time: words(usualMs) })],
    ...lifetimes.map((value): [string, string] => [value, words(parseDuration(value) ?? 0)]),
  ];
  const all = known.some(([value]) => value === sent) ? known : [...known, [sent, sent] as const];
  return html`!${all.map(([value, label]) => html`<option value="${value}"!${value === sent ? ' selected' : ''}>${label}</option>`)}`;
}
