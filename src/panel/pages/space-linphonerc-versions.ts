import { html } from 'ghtml';
import { actorOf } from '../../access/caller.ts';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { restoreLinphonerc } from '../../administration/restore-linphonerc.ts';
import { compareLinphonerc } from '../../documents/compare-linphonerc.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { getLinphonercVersion, type LinphonercVersion, linphonercVersions } from '../../spaces/linphonerc-versions.ts';
import type { Space } from '../../spaces/space.ts';
import { difference } from '../parts/difference.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { authorOf, versionLine } from '../parts/version-line.ts';
import { when } from '../parts/when.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

export const showLinphonercVersions = endpoint({
  params: ['domain'],
  summary: 'List the linphonerc texts that a space has or had',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const reader = readerOf(app, request, reply);
    const versions = await linphonercVersions(app, space);
    const main =
      versions.length === 0 ? html`<p>${reader.t('rc.noVersions')}</p>` : table(reader, space, versions, app.now());
    const back = { path: spacePath(space, '/linphonerc'), name: reader.t('space.linphonerc') };
    const page = { ...spaceHead(reader, space, '/linphonerc'), title: reader.t('rc.versions'), back, main };
    return sendPage(reply, { html: shell(reader, caller, page) });
  },
});

export const showLinphonercVersionPage = endpoint({
  params: ['domain', 'versionId'],
  summary: 'Show a linphonerc text that a space has or had, and what changes if it is published again',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const reader = readerOf(app, request, reply);
    const { t } = reader;
    const version = await getLinphonercVersion(app, space, params.versionId);
    const isCurrent = version.text === space.linphonerc;
    const restoring = isCurrent
      ? html`<p class="soft">${t('rc.same')}</p>`
      : html`<section><h2>${t('rc.restoreLine')}</h2>!${difference(reader, await compareLinphonerc(space.linphonerc, version.text))}
<form method="post" class="buttons"><button class="button">${t('rc.restore')}</button></form></section>`;
    const main = html`<textarea readonly rows="16" aria-label="${t('rc.text')}" spellcheck="false">${`\n${version.text}`}</textarea>!${restoring}`;
    const back = { path: spacePath(space, '/linphonerc/versions'), name: t('rc.versions') };
    const title = t('rc.versionTitle', { number: version.number });
    const page = { ...spaceHead(reader, space, '/linphonerc'), title, back, line: versionLine(reader, version), main };
    return sendPage(reply, { html: shell(reader, caller, page) });
  },
});

export const restoreLinphonercVersion = endpoint({
  params: ['domain', 'versionId'],
  summary: 'Publish an earlier linphonerc text of a space again',
  produces: ['text/html'],
  async handle({ app, caller, params, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    await restoreLinphonerc(app, actorOf(caller), space, params.versionId);
    return seeOther(app, reply, `${spacePath(space, '/linphonerc')}?done=published`);
  },
});

function table(reader: Reader, space: Space, versions: readonly LinphonercVersion[], now: number): string {
  const { t, prefix } = reader;
  const rows = versions.map((version) => {
    const path = `${prefix}${spacePath(space, `/linphonerc/versions/${version.number}`)}`;
    return html`<tr><td><a class="name" href="${path}">${t('rc.versionTitle', { number: version.number })}</a></td><td>!${when(reader, version.at, now)}</td><td><bdi>${authorOf(reader, version)}</bdi></td></tr>`;
  });
  return html`<table><thead><tr><th scope="col">${t('rc.number')}</th><th scope="col">${t('rc.when')}</th><th scope="col">${t('rc.who')}</th></tr></thead><tbody>!${rows}</tbody></table>`;
}
