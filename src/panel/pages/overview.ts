import { html } from 'ghtml';
import { Type } from 'typebox';
import { isSuperAdministrator } from '../../access/caller.ts';
import type { StateCounts } from '../../accounts/account-state.ts';
import { stateCounts } from '../../accounts/account-states.ts';
import type { ListedAccount } from '../../administration/account-list.ts';
import { accountsNeedingAttention, accountsWithoutPhones, type FailedGroup } from '../../administration/attention.ts';
import { isGoodAnswer, lastAnswerOf } from '../../administration/check-registrar.ts';
import { readChecklistOf, tickOffItem } from '../../administration/checklist.ts';
import type { VersionCount } from '../../devices/linphone-versions.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import { lastMailAnswerOf, type MailAnswer } from '../../mail/mail-answer.ts';
import { mailServerOf } from '../../mail/mail-server.ts';
import { undoAddress } from '../parts/address-step.ts';
import { checklist, type Task } from '../parts/checklist.ts';
import { dayPlot } from '../parts/day-plot.ts';
import { listPath } from '../parts/list-query.ts';
import { isUnsentReason, unsentText } from '../parts/mail-state.ts';
import { shape } from '../parts/shape.ts';
import { sipServerPath } from '../parts/sip-server-needs.ts';
import { spacePath } from '../parts/space-pages.ts';
import { attentionWords, reasonWords } from '../parts/state-words.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import { inSpace, spaceInView } from '../space-in-view.ts';
import type { SpaceView } from '../view.ts';

export const showOverview = endpoint({
  summary: 'Show how the accounts of a space are, and what needs attention',
  produces: ['text/html'],
  async handle({ app, caller, request, reply }) {
    const space = spaceInView(app, caller, request);
    const view = { app, caller, reader: readerOf(app, request, reply, space), space };
    return sendPage(reply, { html: await overviewPage(view) });
  },
});

const form = Type.Object({ done: Type.Optional(Type.Enum(['backup', 'credentials'])) });

export const tickOffTask = endpoint({
  summary: 'Say that something is done which the server cannot see',
  form,
  produces: ['text/html'],
  async handle({ app, caller, body, request, reply }) {
    const { done } = requireShape(form, body);
    const space = spaceInView(app, caller, request);
    if (done !== undefined) await tickOffItem(app, done);
    return seeOther(app, reply, inSpace(caller, space, '/admin'));
  },
});

async function overviewPage(view: SpaceView): Promise<string> {
  const { app, caller, reader, space } = view;
  const { t } = reader;
  const pathTo = (path: string) => `${reader.prefix}${inSpace(caller, space, path)}`;
  const counts = await stateCounts(app, space.id);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const ready = counts.active - (await accountsWithoutPhones(app, space.id));
  const { credentialsReadAt } = await readChecklistOf(app);
  const days = await app.provisioningDays.lastDays(space, reader.timeZone, app.now());
  const main = html`!${isSuperAdministrator(caller) ? undoAddress(app, reader) : ''}
!${stateFigures(reader, counts, pathTo)}
<div class="overview"><div>
!${total > 1 ? '' : colleaguesSection(view, pathTo)}
<section><h2>${t('overview.attention')}</h2>!${attention(view, await accountsNeedingAttention(app, space.id), pathTo)}</section>
<section><h2>${t('overview.plotTitle')}</h2>!${dayPlot(reader, days)}</section>
</div><div>
!${checklist(reader, await tasksOf(view, counts), pathTo('/admin'))}
<section><h2>${t('overview.versions')}</h2>!${versions(reader, await app.linphoneVersions.ofSpace(space.id))}</section>
</div></div>`;
  return shell(reader, caller, {
    title: t(ready === 0 ? 'overview.nobody' : credentialsReadAt === null ? 'overview.haveAccount' : 'overview.title', {
      done: ready,
      total,
    }),
    line: html`${t('overview.line', { failed: counts.failed, waiting: counts.waiting })}`,
    place: '/admin',
    space,
    actions: html`<a class="button" href="${pathTo('/admin/accounts/new')}">${t('accounts.add')}</a>`,
    main,
  });
}

/** Returns the first steps for a space that has no other accounts yet. */
function colleaguesSection({ reader: { t } }: SpaceView, pathTo: (path: string) => string): string {
  return html`<section><h2>${t('overview.colleagues')}</h2><p class="soft">${t('accounts.emptyLine')}</p>
<p class="buttons"><a class="button plain" href="${pathTo('/admin/import')}">${t('overview.import')}</a><a class="button plain" href="${pathTo('/admin/accounts/new')}">${t('accounts.add')}</a></p></section>`;
}

const states = ['active', 'waiting', 'failed', 'never', 'blocked'] as const;

function stateFigures({ t }: Reader, counts: StateCounts, pathTo: (path: string) => string): string {
  const items = states.map(
    (state) =>
      html`<li><a href="${pathTo(`/admin/accounts?filter=${state}`)}"><span class="figure">${counts[state]}</span><span class="name">!${shape(state)}${t(`state.${state}`)}</span></a></li>`,
  );
  return html`<ul class="figures-of-states">!${items}</ul>`;
}

function attention(view: SpaceView, groups: readonly FailedGroup[], pathTo: (path: string) => string): string {
  const { reader } = view;
  const { t } = reader;
  if (groups.length === 0) return html`<p class="soft">${t('overview.calm')}</p>`;
  return groups
    .map(({ failure, count, latest }) => {
      const path = pathTo(listPath({ filter: 'failed', failure, isRecent: true }));
      const more = html`<p><a href="${path}">${t('overview.allOfReason', { count })}</a></p>`;
      return html`<h3><a href="${path}">${t('overview.reason', { reason: reasonWords(reader, failure), count })}</a></h3>
<ul class="attention">!${latest.map((listed) => failedAccount(view, listed))}</ul>!${count > latest.length ? more : ''}`;
    })
    .join('\n');
}

function failedAccount({ reader, app }: SpaceView, listed: ListedAccount): string {
  const { t, prefix } = reader;
  const { account } = listed;
  const { reason, action, path } = attentionWords(reader, listed, app.now());
  const name = account.displayName ?? account.username;
  return html`<li>!${shape('failed')}<div><a class="name" href="${prefix}/admin/accounts/${account.id}"><bdi>${name}</bdi></a><span class="second">!${reason}</span></div><a class="does" href="${prefix}/admin/accounts/${account.id}${path}" aria-label="${t('accounts.of', { action, name })}">${action}</a></li>`;
}

/** The most frequent versions have a row each; the last row is for all others together. */
const maxVersions = 12;

function versions({ t }: Reader, counts: readonly VersionCount[]): string {
  if (counts.length === 0) return html`<p class="soft">${t('overview.noPhones')}</p>`;
  const row = (name: string, phones: number) => html`<tr><td>${name}</td><td class="figures">${phones}</td></tr>`;
  const shown = counts.length > maxVersions ? counts.slice(0, maxVersions - 1) : counts;
  const others = counts.slice(shown.length).reduce((sum, { phones }) => sum + phones, 0);
  const rows = shown.map(({ app, version, phones }) =>
    row(app === '' ? t('overview.unknownApp') : `${app} ${version}`, phones),
  );
  if (others > 0) rows.push(row(t('overview.otherVersions'), others));
  return html`<table><thead><tr><th scope="col">${t('overview.version')}</th><th scope="col" class="figures">${t('overview.phones')}</th></tr></thead><tbody>!${rows}</tbody></table>`;
}

async function tasksOf({ app, caller, reader, space }: SpaceView, counts: StateCounts): Promise<Task[]> {
  const { t, prefix } = reader;
  const phone: Task = {
    name: 'checklist.phone',
    hint: t('checklist.phoneHint'),
    isDone: counts.active > 0,
    path: `${prefix}/admin/welcome?step=phone`,
  };
  if (!isSuperAdministrator(caller)) return [];
  const { backedUpAt, credentialsReadAt } = await readChecklistOf(app);
  const answered = isGoodAnswer(await lastAnswerOf(app, space));
  const mail = await lastMailAnswerOf(app, space);
  return [
    {
      name: 'checklist.https',
      hint: t('checklist.httpsHint'),
      isDone: app.publicUrl.startsWith('https:'),
      path: `${prefix}/admin/welcome`,
    },
    phone,
    {
      name: 'checklist.mail',
      hint: mailHint(t, mailServerOf(app, space) !== undefined, mail),
      isDone: mail?.taken === true,
      path: `${prefix}/admin/welcome?step=mail`,
    },
    {
      name: 'checklist.registrar',
      hint: t('checklist.registrarHint'),
      isDone: answered,
      path: `${prefix}${spacePath(space)}`,
    },
    {
      name: 'checklist.credentials',
      hint: t('checklist.credentialsHint'),
      isDone: credentialsReadAt !== null,
      path: `${prefix}${sipServerPath(space)}`,
      item: 'credentials',
    },
    { name: 'checklist.backup', hint: t('checklist.backupHint'), isDone: backedUpAt !== null, item: 'backup' },
  ];
}

/** Returns the hint about mail, because a configured mail server may still refuse every mail. */
function mailHint(t: Reader['t'], isSet: boolean, last: MailAnswer | undefined): string {
  if (!isSet) return t('checklist.mailHint');
  if (last === undefined) return t('checklist.mailUntried');
  const { answer } = last;
  return isUnsentReason(answer)
    ? t('checklist.mailUnsent', { reason: unsentText(t, answer) })
    : t('checklist.mailFailed', { answer });
}
