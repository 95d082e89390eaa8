import { html } from 'ghtml';
import { type Static, Type } from 'typebox';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

export interface Field {
  readonly name: string;
  readonly label: string;
  /** HTML, already escaped. */
  readonly hint?: string;
  /** HTML attributes of the control, already escaped. */
  readonly attributes: string;
  /** HTML, already escaped: the options of a `select`, which replaces the input. */
  readonly options?: string;
  /** The number of lines of a `textarea`, which replaces the input. */
  readonly lines?: string;
  /** The mistakes in the value, as sentences. */
  readonly mistakes: readonly string[];
}

/** The value of a ticked box in a form. Any other value is refused: `false` must not count as ticked. */
export const box = Type.Optional(Type.Enum(['true']));

export function isTicked(sent: Static<typeof box> | undefined): boolean {
  return sent === 'true';
}

/** Returns the text of a `textarea` without the CR of its line breaks, which browsers send as CR-LF. */
export function withoutCarriageReturns(text = ''): string {
  return text.replaceAll('\r\n', '\n');
}

/** Returns a field with its label, its hint, its mistakes and its input, which names them. */
export function field({ name, label, hint, attributes, options, lines, mistakes }: Field): string {
  const isWrong = mistakes.length > 0;
  const notes = [...(hint === undefined ? [] : [`${name}-hint`]), ...(isWrong ? [`${name}-mistake`] : [])];
  const described = notes.length === 0 ? '' : html` aria-describedby="${notes.join(' ')}"`;
  const all = html`id="${name}" name="${name}" !${attributes}!${described}!${isWrong ? ' aria-invalid="true"' : ''}`;
  const control =
    lines !== undefined
      ? // A line break is added, because browsers drop the first one.
        html`<textarea !${all}>
${lines}</textarea>`
      : options === undefined
        ? html`<input !${all}>`
        : html`<select !${all}>!${options}</select>`;
  return html`<div class="field">
<label for="${name}">${label}</label>
!${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">!${hint}</p>`}
!${fieldMistake(name, mistakes)}
!${control}
</div>`;
}

/** Returns the mistakes of a field, or nothing if there are none. */
export function fieldMistake(name: string, mistakes: readonly string[]): string {
  if (mistakes.length === 0) return '';
  return html`<p class="mistake" id="${name}-mistake">!${shape('failed')}<span>${mistakes.join(' ')}</span></p>`;
}

interface ListedMistake {
  /** The label of the field in the form. */
  readonly label?: string | undefined;
  readonly sentence: string;
  readonly field: string | undefined;
}

/** Returns the list of mistakes for the top of a form that has several. Each links to its field if the form has it. */
export function mistakeList({ t }: Pick<Reader, 't'>, mistakes: readonly ListedMistake[]): string {
  const items = mistakes.map(({ label, sentence, field: id }) => {
    const text = label === undefined || label === '' ? sentence : `${label} – ${sentence}`;
    return id === undefined ? html`<li>${text}</li>` : html`<li><a href="#${id}">${text}</a></li>`;
  });
  return html`<div class="mistakes" role="alert"><p><b>${t('form.mistakes', { count: mistakes.length })}</b></p><ul>!${items}</ul></div>`;
}
