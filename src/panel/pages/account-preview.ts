import { html } from 'ghtml';
import { managedAccount } from '../../access/managed-account.ts';
import { type Preview, previewDocument } from '../../documents/preview-document.ts';
import { queryOf } from '../../http/client-facts.ts';
import { sendPage } from '../../http/page.ts';
import { endpoint } from '../../http/route.ts';
import type { Document, Entry } from '../../lpconfig/document.ts';
import { accountHead } from '../parts/account-head.ts';
import { difference } from '../parts/difference.ts';
import { findingList } from '../parts/findings.ts';
import { when } from '../parts/when.ts';
import { type Reader, readerOf } from '../reader.ts';
import { shell } from '../shell.ts';

export const showPreview = endpoint({
  params: ['id'],
  summary: 'Show the document that a phone of an account would get now',
  produces: ['text/html'],
  async handle({ app, caller, params, request, reply }) {
    const found = await managedAccount(app, caller, params.id);
    const reader = readerOf(app, request, reply, found.space);
    const options = { token: queryOf(request).has('token'), query: '' };
    const preview = await previewDocument(app, found.space, found.account, options);
    const { tabs, ...head } = accountHead(reader, found, '/preview');
    const main = html`!${tabs}
<p class="soft">${reader.t('preview.line')}</p>
!${changesSince(reader, preview, app.now())}
<section><h2>${reader.t('lint.title')}</h2>!${findingList(reader, preview.warnings)}</section>
<section><h2>${reader.t('preview.document')}</h2>!${documentTables(reader, preview.document)}</section>`;
    return sendPage(reply, { html: shell(reader, caller, { ...head, main }) });
  },
});

function changesSince(reader: Reader, { lastFetchedAt, changes }: Preview, now: number): string {
  const { t } = reader;
  if (lastFetchedAt === null)
    return html`<section><h2>${t('difference.title')}</h2><p class="soft">${t('preview.never')}</p></section>`;
  return html`<section><h2>${t('difference.title')}</h2><p class="soft">${t('preview.since')} !${when(reader, lastFetchedAt, now)}</p>!${difference(reader, changes)}</section>`;
}

function documentTables(reader: Reader, document: Document): string {
  return [...document].map(([section, entries]) => sectionTable(reader, section, entries)).join('\n');
}

function sectionTable({ t }: Reader, section: string, entries: ReadonlyMap<string, Entry>): string {
  const rows = [...entries].map(
    ([name, { value, overwrite, origin }]) =>
      html`<tr><th scope="row"><code>${name}</code></th><td><code>${value}</code>!${overwrite ? '' : html`<span class="second">${t('preview.seeded')}</span>`}<span class="second below">${originText(origin)}</span></td><td class="origin">${originText(origin)}</td></tr>`,
  );
  return html`<table class="entries"><caption><code>[${section}]</code></caption><thead><tr><th scope="col">${t('preview.entry')}</th><th scope="col">${t('preview.value')}</th><th scope="col" class="origin">${t('preview.origin')}</th></tr></thead><tbody>!${rows}</tbody></table>`;
}

function originText(origin: Entry['origin']): string {
  if (origin === undefined) return '';
  const { layer, file, line } = origin;
  return [file ?? layer, line === undefined ? '' : String(line)].filter((part) => part !== '').join(':');
}
