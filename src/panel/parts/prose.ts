import { html } from 'ghtml';

/** Returns text as HTML. Parts between backticks become `code` elements. */
export function prose(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))
    .join('');
}

/** Lets a long name break after each separator, so that a phone shows it whole. */
export function breakable(name: string): string {
  return name
    .split(/(?<=[/_-])/)
    .map((part) => html`${part}`)
    .join('<wbr>');
}
