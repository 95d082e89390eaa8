import { html } from 'ghtml';
import { Type } from 'typebox';
import type { AppError } from '../../errors.ts';
import { mistakesIn } from '../../locale/failure-text.ts';
import type { MessageKey } from '../../locale/translate.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

export const linphonercField = Type.Optional(Type.String({ 'x-verbatim': true }));

interface Edited {
  readonly label: MessageKey;
  readonly rows: number;
  readonly text: string;
  /** The path that checks the text during typing and returns the findings. */
  readonly page: string;
  readonly error: AppError | undefined;
  /** Whether the text can only be read, because a button publishes it as the page shows it. */
  readonly isReviewed: boolean;
}

/** Returns the field with a linphonerc text and its mistakes. The page must have an element `findings`. */
export function linphonercEditor({ t }: Reader, { label, rows, text, page, error, isReviewed }: Edited): string {
  const mistakes = mistakesIn(t, error)?.linphonerc ?? [];
  const isWrong = mistakes.length > 0;
  const checked = html` hx-post="${page}" hx-trigger="input changed delay:600ms" hx-sync="replace" hx-select="#findings" hx-target="#findings" hx-swap="outerHTML"`;
  // A line break is added, because browsers drop the first one.
  return html`<div class="field wide"><label for="linphonerc">${t(label)}</label>
!${isWrong ? html`<p class="mistake" id="linphonerc-mistake">!${shape('failed')}<span>${mistakes.join(' ')}</span></p>` : ''}
<textarea id="linphonerc" name="linphonerc" rows="${rows}" spellcheck="false" autocapitalize="none" aria-describedby="findings!${isWrong ? ' linphonerc-mistake' : ''}"!${isWrong ? ' aria-invalid="true"' : ''}!${isReviewed ? ' readonly' : checked}>${`\n${text}`}</textarea></div>`;
}
