import { html } from 'ghtml';
import type { Translate } from '../../locale/translate.ts';

interface Copied {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** HTML, already escaped. */
  readonly hint?: string;
}

/** Returns a labelled value with a button to copy it, which the page's script shows. */
export function copyField(t: Translate, field: Copied): string {
  return copied(t, field, (facts) => html`<input !${facts} class="copy" value="${field.value}">`);
}

/** Returns a text of several lines with a button to copy it. */
export function copyText(t: Translate, field: Copied): string {
  const rows = field.value.split('\n').length;
  // A leading line break is added, because browsers drop the first one.
  return copied(
    t,
    field,
    (facts) => html`<textarea !${facts} rows="${rows}">
${field.value}</textarea>`,
  );
}

function copied(t: Translate, { id, label, hint }: Copied, control: (facts: string) => string): string {
  const described = hint === undefined ? '' : html` aria-describedby="${id}-hint"`;
  const facts = html`id="${id}" readonly spellcheck="false" autocomplete="off"!${described}`;
  return html`<div class="field">
<label for="${id}">${label}</label>
!${hint === undefined ? '' : html`<p class="hint" id="${id}-hint">!${hint}</p>`}
<div class="beside">
!${control(facts)}
<button type="button" class="button plain" data-copies="${id}" aria-label="${t('copy.what', { label })}" data-copied="${t('copy.done')}" data-selected="${t('copy.selected')}" hidden>${t('copy.button')}</button>
<span class="hint" role="status"></span>
</div>
</div>`;
}
