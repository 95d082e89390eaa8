/** Spreadsheets treat a cell that begins like this as a formula. */
const formula = /^[=+\-@'\t\r]/;
const e164 = /^\+[1-9][0-9]{1,14}$/;
/**
 * French and German spreadsheets separate at semicolons, and so divide our cells there, even quoted ones. Looking back
 * only from a sign or an apostrophe reads every run of spaces once, however long it is.
 */
const innerFormula = /(?=[=+\-@'])(?<=[;\t|\r\n]["\s]*)/g;
const innerApostrophe = /'(?=[=+\-@'])(?<=[;\t|\r\n]["\s]*')/g;

/**
 * Returns a line of a table for spreadsheets. A cell that would be treated as a formula gets an apostrophe, which the
 * import removes. A phone number in E.164 gets none.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(text: string): string {
  const within = text.replace(innerFormula, "'");
  const safe = formula.test(text) && !e164.test(text) ? `'${within}` : within;
  return /[",;\t|\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Returns the cell without the apostrophes that keep spreadsheets from treating it as a formula or a number. */
export function withoutApostrophe(text: string): string {
  return (/^'[=+\-@'\t\r\d]/.test(text) ? text.slice(1) : text).replace(innerApostrophe, '');
}
