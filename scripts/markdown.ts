/** The second line of each generated page. */
export const origin = '<!-- Made by `npm run docs` from the source; a test compares the two. -->\n';

export function code(text: string): string {
  return `\`${text}\``;
}

export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return `${line(headings)}${line(headings.map(() => '---'))}${rows.map(line).join('')}`;
}
