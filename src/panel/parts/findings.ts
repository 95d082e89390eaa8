import { html } from 'ghtml';
import { lintText } from '../../locale/lint-text.ts';
import type { Finding } from '../../lpconfig/lint-rules.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

/** The limit of shown findings. When some are corrected, the next ones appear. */
const maxShown = 100;

export function findingList({ t, language }: Reader, findings: readonly Finding[]): string {
  if (findings.length === 0) return html`<p class="soft">${t('lint.none')}</p>`;
  const items = findings
    .slice(0, maxShown)
    .map((finding) => ({ ...finding, ...lintText(language, finding) }))
    .map(
      ({ severity, line, message, effect, remedy }) =>
        html`<li class="${severity}">!${shape(severity === 'error' ? 'failed' : 'unusual')}<div><b>${line === undefined ? '' : `${t('lint.line', { line })} `}${message}</b><span class="second">${effect} ${remedy}</span></div></li>`,
    );
  const rest = findings.length - items.length;
  return html`<ul class="findings">!${items}</ul>!${rest === 0 ? '' : html`<p class="soft">${t('lint.rest', { count: rest })}</p>`}`;
}
