import { html } from 'ghtml';
import { type Import, isPartlyWritten } from '../../importing/import.ts';
import { progressOf } from '../../importing/watch-import.ts';
import type { Reader } from '../reader.ts';
import type { ShellPage } from '../shell.ts';
import { livePart } from './live.ts';
import { shape } from './shape.ts';

/** Returns the title, the navigation entry and the link back of an import's page. */
export function importHead({ t }: Reader, found: Import): Omit<ShellPage, 'main'> {
  const { separator, encoding } = found.format;
  const facts = { separator: t(`import.separator.${names[separator]}`), encoding: encodings[encoding] };
  const isWriting = found.state === 'done' || found.state === 'running' || found.written > 0;
  const written = t(isWriting ? 'import.readAs' : 'import.nothingYet', facts);
  return {
    title: found.name === '' ? t('import.pasted') : found.name,
    place: '/admin/import',
    back: { path: '/admin/import', name: t('import.title') },
    line: html`${found.state === 'discarded' ? t('import.isDiscarded') : written}`,
  };
}

const names = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const;
const encodings = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': 'Windows-1252',
} as const;

/**
 * Returns the numbers of created, changed, skipped and refused rows, and the unused columns. If a part is written, the
 * counts are those of the other rows. With `hasResult`, also a link to the table of results.
 */
export function importNews({ t, prefix }: Reader, found: Import, hasResult: boolean): string {
  const { counts, ignored, written, id } = found;
  const { refused } = counts;
  const bad =
    refused === 0
      ? ''
      : html`<li class="bad">!${shape('failed')}<b>${t('import.count.refused', { count: refused })}</b></li>`;
  const before = isPartlyWritten(found) ? html`<li>${t('import.count.written', { count: written })}</li>` : '';
  const others = (['create', 'update', 'unchanged', 'skipped'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => html`<li>${t(`import.count.${kind}`, { count: counts[kind] })}</li>`);
  const unused =
    ignored.length === 0 ? '' : html`<li class="soft">${t('import.notUsed', { columns: ignored.join(', ') })}</li>`;
  const result =
    hasResult && written > 0 && found.erasedAt === null
      ? html`<p><a href="${prefix}/api/imports/${id}/result" download>${t('import.result')}</a></p>`
      : '';
  return html`<div role="status"><ul class="news">!${bad}!${before}!${others}!${unused}</ul></div>!${result}`;
}

/** Returns the progress of an import, which is updated while the page is open. */
export function progress({ t, prefix }: Reader, path: string, found: Import): string {
  const state = progressOf(found);
  const [done = '0', total = '0'] = state.split('/');
  const words =
    found.state === 'checking'
      ? t('import.checking')
      : t('import.running', { done: Number(done), total: Number(total) });
  const content = html`<p role="status">${words}</p><progress max="${total}" value="${done}" aria-label="${t('import.progress')}"></progress><p class="soft">${t('import.goesOn')}</p>`;
  const page = `${prefix}${path}`;
  return livePart({ id: 'progress', events: page.replace(/(\?|$)/, '/live$1'), page, state, isLast: false, content });
}
