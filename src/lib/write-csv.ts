/** Spreadsheets take a cell with such a beginning for a formula. */
const formula = /^[=+\-@'\t\r]/;
const e164 = /^\+[1-9][0-9]{1,14}$/;
/** French and German spreadsheets separate at semicolons, and so divide our cells there, even quoted ones. */
const innerFormula = /([;\t|\r\n]["\s]*)(?=[=+\-@'])/g;
const innerApostrophe = /([;\t|\r\n]["\s]*)'(?=[=+\-@'])/g;

/**
 * Returns a line of a table for spreadsheets. What they would take for a formula gets an apostrophe, which the import
 * takes off; a phone number in E.164 does without.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(text: string): string {
  const within = text.replace(innerFormula, "$1'");
  const safe = formula.test(text) && !e164.test(text) ? `'${within}` : within;
  return /[",;\t|\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Returns the cell without the apostrophes that keep spreadsheets from taking it for a formula or a number. */
export function withoutApostrophe(text: string): string {
  return (/^'[=+\-@'\t\r\d]/.test(text) ? text.slice(1) : text).replace(innerApostrophe, '$1');
}
