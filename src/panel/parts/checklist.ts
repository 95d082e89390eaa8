import { html } from 'ghtml';
import type { ChecklistItem } from '../../administration/checklist.ts';
import type { MessageKey } from '../../locale/translate.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

/** Something to be done before colleagues are invited. */
export interface Task {
  readonly name: MessageKey;
  /** A sentence: what to do, or why, while it is not done. */
  readonly hint: string;
  readonly isDone: boolean;
  /** The path of the page where it is done, with the path prefix. */
  readonly path?: string;
  /** Set if the server cannot see that it is done. */
  readonly item?: ChecklistItem;
}

/**
 * Returns what is missing and what is done, or nothing if all is done. The form of a task that one ticks off goes to
 * `page`.
 */
export function checklist({ t }: Reader, tasks: readonly Task[], page: string): string {
  if (tasks.every(({ isDone }) => isDone)) return '';
  const lines = tasks.map(({ name, hint, isDone, path, item }) => {
    if (isDone) return html`<li class="done">!${shape('done')}<div>${t(name)}</div></li>`;
    const words = path === undefined ? html`<b>${t(name)}</b>` : html`<a href="${path}">${t(name)}</a>`;
    const button =
      item === undefined
        ? ''
        : html`<form method="post" action="${page}"><button class="word" name="done" value="${item}" aria-label="${t('checklist.isDone', { name: t(name) })}">${t('checklist.done')}</button></form>`;
    return html`<li>!${open}<div>!${words}<span class="second">${hint}</span>!${button}</div></li>`;
  });
  return html`<section class="checklist"><h2>${t('checklist.title')}</h2><ul>!${lines}</ul></section>`;
}

const open = '<svg class="shape open" viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="6"/></svg>';
