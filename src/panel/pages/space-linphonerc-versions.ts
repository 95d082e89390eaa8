import { html } from 'ghtml';
import { Type } from 'typebox';
import { managedSpaceAt } from '../../access/managed-account.ts';
import { restoreLinphonercFor } from '../../administration/publish-linphonerc.ts';
import { compareLinphonerc } from '../../documents/compare-linphonerc.ts';
import type { AppError } from '../../errors.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import { seeOther } from '../../http/see-other.ts';
import { requireShape } from '../../lib/check-shape.ts';
import {
  getLinphonercVersion,
  type LinphonercVersion,
  linphonercVersions,
  reviewedSpace,
} from '../../spaces/linphonerc-versions.ts';
import type { Space } from '../../spaces/space.ts';
import { difference } from '../parts/difference.ts';
import { statusOf, tryChange } from '../parts/refusal.ts';
import { spaceHead, spacePath } from '../parts/space-pages.ts';
import { authorOf, versionLine } from '../parts/version-line.ts';
import { when } from '../parts/when.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';
import type { SpaceView } from '../view.ts';

const form = Type.Object({ base: Type.Optional(Type.String({ maxLength: 12 })) });

export const showLinphonercVersions = endpoint({
  params: ['domain'],
  summary: 'List the linphonerc texts that a space has or had',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const reader = readerOf(app, request, reply, space);
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
    const view = { app, caller, space, reader: readerOf(app, request, reply, space) };
    return sendPage(reply, await versionPage(view, params.versionId));
  },
});

export const restoreLinphonercVersion = endpoint({
  params: ['domain', 'versionId'],
  summary: 'Publish an earlier linphonerc text of a space again',
  form,
  produces: ['text/html'],
  async handle({ app, caller, params, body, request, reply }) {
    const space = managedSpaceAt(app, caller, params.domain);
    const { base } = requireShape(form, body);
    const { refusal } = await tryChange(
      () => restoreLinphonercFor(app, caller, space, { number: params.versionId, base }),
      (error) => error.factsOf('conflict')?.why === 'published-meanwhile',
    );
    if (refusal === undefined) return seeOther(app, reply, `${spacePath(space, '/linphonerc')}?done=published`);
    // Read again, because the published text may be newer than the one found above.
    const now = managedSpaceAt(app, caller, params.domain);
    const view = { app, caller, space: now, reader: readerOf(app, request, reply, now) };
    return sendPage(reply, await versionPage(view, params.versionId, refusal));
  },
});

async function versionPage(view: SpaceView, number: string, refusal?: AppError): Promise<Page> {
  const { app, caller, reader } = view;
  const { t } = reader;
  const { space, newest } = await reviewedSpace(app, view.space);
  const version = await getLinphonercVersion(app, space, number);
  const restoring =
    version.text === space.linphonerc
      ? html`<p class="soft">${t('rc.same')}</p>`
      : html`<section><h2>${t('rc.restoreLine')}</h2>!${difference(reader, await compareLinphonerc(space.linphonerc, version.text))}
<form method="post" class="buttons"><input type="hidden" name="base" value="${newest?.number ?? 0}"><button class="button">${t('rc.restore')}</button></form></section>`;
  const main = html`!${refusal === undefined ? '' : html`<p class="banner warn" role="status">${t('rc.meanwhile')}</p>`}
<textarea readonly rows="16" aria-label="${t('rc.text')}" spellcheck="false">${`\n${version.text}`}</textarea>!${restoring}`;
  const back = { path: spacePath(space, '/linphonerc/versions'), name: t('rc.versions') };
  const title = t('rc.versionTitle', { number: version.number });
  const page = { ...spaceHead(reader, space, '/linphonerc'), title, back, line: versionLine(reader, version), main };
  return { html: shell(reader, caller, page), ...statusOf(refusal) };
}

function table(reader: Reader, space: Space, versions: readonly LinphonercVersion[], now: number): string {
  const { t, prefix } = reader;
  const rows = versions.map((version) => {
    const path = `${prefix}${spacePath(space, `/linphonerc/versions/${version.number}`)}`;
    return html`<tr><td><a class="name" href="${path}">${t('rc.versionTitle', { number: version.number })}</a></td><td>!${when(reader, version.at, now)}</td><td><bdi>${authorOf(reader, version)}</bdi></td></tr>`;
  });
  return html`<table><thead><tr><th scope="col">${t('rc.number')}</th><th scope="col">${t('rc.when')}</th><th scope="col">${t('rc.who')}</th></tr></thead><tbody>!${rows}</tbody></table>`;
}
