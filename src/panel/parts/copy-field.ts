import { html } from 'ghtml';
import type { Translate } from '../../locale/translate.ts';

/**
 * Returns a labelled value to copy. The script of the page shows the button. `hint` is HTML, already escaped.
 */
export function copyField(t: Translate, field: { id: string; label: string; value: string; hint?: string }): string {
  const { id, label, value, hint } = field;
  return html`<div class="field">
<label for="${id}">${label}</label>
!${hint === undefined ? '' : html`<p class="hint" id="${id}-hint">!${hint}</p>`}
<div class="beside">
<input id="${id}" class="copy" value="${value}" readonly spellcheck="false" autocomplete="off"!${hint === undefined ? '' : html` aria-describedby="${id}-hint"`}>
<button type="button" class="button plain" data-copies="${id}" aria-label="${t('copy.what', { label })}" data-copied="${t('copy.done')}" data-selected="${t('copy.selected')}" hidden>${t('copy.button')}</button>
<span class="hint" role="status"></span>
</div>
</div>`;
}
