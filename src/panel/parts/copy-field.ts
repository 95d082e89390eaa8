import { html } from 'ghtml';

/** Returns a labelled value to copy. `hint` is HTML, already escaped. */
export function copyField(field: { id: string; label: string; value: string; hint?: string }): string {
  const { id, label, value, hint } = field;
  return html`<p class="field">
<label for="${id}">${label}</label>
<input id="${id}" class="copy" value="${value}" readonly spellcheck="false" autocomplete="off"!${hint === undefined ? '' : html` aria-describedby="${id}-hint"`}>
!${hint === undefined ? '' : html`<span class="hint" id="${id}-hint">!${hint}</span>`}
</p>`;
}
