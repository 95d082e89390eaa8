import { html } from 'ghtml';
import type { ChecklistItem } from '../../administration/checklist.ts';
import type { MessageKey } from '../../locale/translate.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

/** Something to do before inviting colleagues. */
export interface Task {
  readonly name: MessageKey;
  /** A sentence that says what to do, or why, until it is done. */
  readonly hint: string;
  readonly isDone: boolean;
  /** The path of the page where it can be done, with the path prefix. */
  readonly path?: string;
  /** The item to tick off, if the server cannot see by itself that it is done. */
  readonly item?: ChecklistItem;
}

/**
 * Returns the open and the completed tasks, or nothing if all are done. Forms that tick off a task are sent to `page`.
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
