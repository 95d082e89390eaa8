import { html } from 'ghtml';

/**
 * Returns the button that the Enter key presses in a form with several buttons. It comes before them and is not shown:
 * browsers press the first button of a form, also from a tick box, and may skip one that is disabled. Without `action`,
 * the form is sent as if no button had been pressed.
 */
export function defaultButton({ form, action }: { readonly form?: string; readonly action?: string }): string {
  const owner = form === undefined ? '' : html` form="${form}"`;
  const sent = action === undefined ? '' : html` name="action" value="${action}"`;
  return html`<button class="unseen"!${owner}!${sent} tabindex="-1" aria-hidden="true"></button>`;
}
