import { html } from 'ghtml';
import { type Import, isPartlyWritten } from '../../importing/import.ts';
import type { NewAdministrators } from '../../importing/new-administrators.ts';
import type { Reader } from '../reader.ts';
import { defaultButton } from './default-button.ts';
import { needsColumns } from './import-columns.ts';
import type { CountryPart } from './import-country.ts';
import { importNews } from './import-head.ts';
import { importOptions, workingLine } from './import-options.ts';
import type { RowsForPage } from './import-page-rows.ts';
import { readyTable, refusedTable } from './import-rows.ts';
import { shape } from './shape.ts';

/** The content of an import's page while no worker has the import. */
export interface ImportContent extends RowsForPage {
  readonly admins: NewAdministrators;
  /** HTML of the password field. */
  readonly again: string;
  readonly country: CountryPart;
  /** HTML of the next steps for the written accounts. */
  readonly next: string;
}

/** Returns the numbers of an import, and the form with its rows. */
export function importContent(reader: Reader, path: string, found: Import, rows: ImportContent): string {
  const { t, prefix } = reader;
  const { refused, ready, admins, again, country } = rows;
  const to = (query: Record<string, string>) =>
    `${prefix}${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(query)}`;
  const total = found.rows - found.counts.refused;
  const canMend = refused.length > 0 && found.erasedAt === null;
  const mend = canMend
    ? html`<section><h2>${t('import.correct', { count: found.counts.refused })}</h2><p class="soft">${t('import.correctLine', { count: found.counts.refused })}</p>
!${refusedTable(reader, found, refused)}
!${rows.hasMoreRefused ? html`<p class="next"><a rel="next" href="${to({ after: String(refused.at(-1)?.position) })}">${t('import.moreRows')}</a></p>` : ''}</section>`
    : '';
  const nextReady = canMend ? to({ rows: 'ready' }) : to({ rows: 'ready', after: String(ready.at(-1)?.position) });
  const list =
    ready.length === 0
      ? ''
      : html`<section><h2>${t(found.state === 'done' ? 'import.written' : 'import.ready', { count: total })}</h2>
!${readyTable(reader, ready)}
!${rows.hasMoreReady ? html`<p class="next">!${canMend ? html`<span class="soft">${t('import.rowsShown', { shown: ready.length, total })}</span> ` : ''}<a rel="next" href="${nextReady}">${t(canMend ? 'import.allRows' : 'import.moreRows')}</a></p>` : ''}</section>`;
  return html`<div id="progress">!${importNews(reader, found, rows.next === '')}!${warning(reader, admins)}!${rows.next}
<form method="post" class="import" autocomplete="off">
!${defaultButton({ action: 'check' })}
!${canRevise(found) ? html`<p class="assign"><button class="word" name="action" value="columns">${t('import.assign')}</button></p>` : ''}
!${country.news}
!${mend}
!${list}
!${bar(reader, found, { canMend, total, more: html`!${country.option}!${again}` })}
</form></div>`;
}

function bar(
  reader: Reader,
  found: Import,
  { canMend, total, more }: { readonly canMend: boolean; readonly total: number; readonly more: string },
): string {
  const { t } = reader;
  const { refused, create, update } = found.counts;
  const isOpen = canRevise(found);
  if (!isOpen && !(found.state === 'done' && canMend)) return '';
  const check =
    canMend || found.failure !== undefined
      ? html`<button class="button" name="action" value="check">${t('import.checkAgain')}</button>`
      : '';
  const style = canMend ? 'button plain' : 'button';
  const words =
    refused > 0 ? t('import.importSome', { count: total, refused }) : t('import.importAll', { count: total });
  const write =
    isOpen && create + update > 0 ? html`<button class="${style}" name="action" value="import">${words}</button>` : '';
  return html`!${importOptions(reader, found.options)}!${more}
<div class="buttons bar-below">!${check}!${write}!${isOpen ? discardButton(reader, found) : ''}</div>!${workingLine(reader)}`;
}

function discardButton({ t }: Reader, found: Import): string {
  const words = t(isPartlyWritten(found) ? 'import.discardRest' : 'import.discard');
  return html`<button class="word soft" name="action" value="discard">${words}</button>`;
}

function warning({ t }: Reader, { names, hasMore }: NewAdministrators): string {
  if (names.length === 0) return '';
  const facts = { count: names.length, names: names.join(', ') + (hasMore ? ' …' : '') };
  return html`<p class="banner warn">!${shape('unusual')}<span>${t('import.admins', facts)}</span></p>`;
}

/** Returns the page on which a person chooses the meanings of columns. */
export function columnsContent(reader: Reader, path: string, found: Import, columns: string): string {
  const { t, prefix } = reader;
  const back = needsColumns(found)
    ? discardButton(reader, found)
    : html`<a class="word" href="${prefix}${path}">${t('import.columnsBack')}</a>`;
  return html`<div id="progress"><form method="post" class="import" action="${prefix}${path}">!${columns}!${workingLine(reader)}<p>!${back}</p></form></div>`;
}

/** Returns the notice that replaces rows that were stored with another secret. */
export function unreadable(reader: Reader, found: Import): string {
  const isOver = found.state === 'done' || found.state === 'discarded';
  const discard = isOver ? '' : html`<form method="post">!${discardButton(reader, found)}</form>`;
  return html`<p class="banner warn">!${shape('unusual')}<span>${reader.t('import.otherSecret')}</span></p>!${discard}`;
}

/** Returns whether rows and options of an import can still be changed. */
export function canRevise({ state, erasedAt }: Import): boolean {
  return (state === 'checked' || state === 'refused') && erasedAt === null;
}
