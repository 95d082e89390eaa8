import { complaintSentence } from '../errors/complaints.ts';
import { findForbidden } from '../lib/forbidden-characters.ts';
import { checkEntry, checkKey, checkName } from './rules.ts';

/** The linter rules that a single line can violate. */
export type LineRule =
  | 'line-unreadable'
  | 'line-skipped'
  | 'tab-indented'
  | 'name-unusable'
  | 'control-character'
  | 'value-too-long';

export interface Complaint {
  readonly rule: LineRule | 'not-utf8';
  readonly severity: 'error' | 'warning';
  /** Counted from 1. */
  readonly column: number;
  readonly message: string;
}

/** A line of a linphonerc. A `section` without `name` has an unusable name. */
export type Line =
  | { readonly kind: 'nothing'; readonly complaint?: Complaint }
  | { readonly kind: 'section'; readonly column: number; readonly name?: string; readonly complaint?: Complaint }
  | { readonly kind: 'entry'; readonly column: number; readonly name: string; readonly value: string };

/**
 * Reads one line, without its line end, the way liblinphone does. Returns a complaint about what liblinphone would skip
 * silently.
 */
export function readLine(line: string): Line {
  const stray = line.indexOf('\r');
  // Otherwise, a file whose lines end with CR alone would be one long comment.
  if (stray !== -1)
    return broken('control-character', stray, 'a carriage return inside the line; lines end with LF or CR-LF');
  // Checked even in comments, because liblinphone stops reading at U+0000.
  const nul = line.indexOf('\0');
  if (nul !== -1) return broken('control-character', nul, 'U+0000 inside the line, where Linphone stops reading');
  const start = skipBlanks(line, 0, line.length);
  const tab = line.slice(0, start).indexOf('\t');
  switch (line[start]) {
    case undefined:
      return { kind: 'nothing' };
    case '#':
      return tab === -1 ? { kind: 'nothing' } : { kind: 'nothing', complaint: tabBefore('#', tab) };
    case ';':
      return { kind: 'nothing', complaint: warning('line-skipped', start, aboutSemicolon(line)) };
    case '[':
      return readSection(line, start, tab === -1 ? undefined : tabBefore('[', tab));
    case '\ufeff':
      return broken(
        'line-unreadable',
        start,
        'begins with a byte order mark, which may stand only once, before all else',
      );
    default:
      return readEntry(line, start);
  }
}

/** Reads `[name]`. In `[name key=value …]` the name is the first word. Text after the bracket is ignored. */
function readSection(line: string, bracket: number, before: Complaint | undefined): Line {
  const close = line.indexOf(']', bracket);
  const at = { kind: 'section', column: bracket + 1 } as const;
  if (close === -1) return { ...at, complaint: error('line-unreadable', bracket, 'the section lacks its closing ]') };
  const start = skipBlanks(line, bracket + 1, close);
  if (start === close) return { ...at, complaint: error('name-unusable', bracket, 'the section has no name') };
  let end = start;
  while (end < close && !isBlank(line, end)) end += 1;
  const name = line.slice(start, end);
  const wrong = checkName(name);
  if (wrong !== undefined)
    return { ...at, complaint: error('name-unusable', start, `the section's name ${complaintSentence(wrong)}`) };
  const rest = skipBlanks(line, close + 1, line.length);
  if (rest === line.length || line[rest] === '#')
    return { ...at, name, ...(before === undefined ? {} : { complaint: before }) };
  return {
    ...at,
    name,
    complaint: warning('line-skipped', rest, 'ignored, because Linphone ignores what follows the ]'),
  };
}

/** Reads `key=value`: everything after the first `=` is the value, trimmed. Nothing is quoted, escaped or converted. */
function readEntry(line: string, start: number): Line {
  const equals = line.indexOf('=', start);
  if (equals === -1) return broken('line-unreadable', start, 'is neither [section] nor key=value nor a # comment');
  if (equals === start) return broken('line-unreadable', start, 'there is no key before the =');
  const name = line.slice(start, trimEnd(line, start, equals));
  const valueStart = skipBlanks(line, equals + 1, line.length);
  const value = line.slice(valueStart, trimEnd(line, valueStart, line.length));
  const wrongName = checkKey(name);
  if (wrongName !== undefined) return broken('name-unusable', start, `the key ${complaintSentence(wrongName)}`);
  const wrong = checkEntry(name, value);
  if (wrong !== undefined) {
    const forbidden = findForbidden(value);
    const rule = forbidden === undefined ? 'value-too-long' : 'control-character';
    return broken(rule, valueStart + (forbidden ?? 0), `the value ${complaintSentence(wrong)}`);
  }
  return { kind: 'entry', column: start + 1, name, value };
}

// Blanks are only spaces and tabs. String.trim would also remove no-break spaces and others from values.
function isBlank(text: string, index: number): boolean {
  return text[index] === ' ' || text[index] === '\t';
}

function skipBlanks(text: string, from: number, to: number): number {
  let index = from;
  while (index < to && isBlank(text, index)) index += 1;
  return index;
}

function trimEnd(text: string, from: number, to: number): number {
  let index = to;
  while (index > from && isBlank(text, index - 1)) index -= 1;
  return index;
}

function broken(rule: LineRule, index: number, message: string): Line {
  return { kind: 'nothing', complaint: error(rule, index, message) };
}

function error(rule: LineRule, index: number, message: string): Complaint {
  return { rule, severity: 'error', column: index + 1, message };
}

function warning(rule: LineRule, index: number, message: string): Complaint {
  return { rule, severity: 'warning', column: index + 1, message };
}

function aboutSemicolon(line: string): string {
  return line.includes('=')
    ? 'skipped; comments begin with #, and Linphone reads this as a key'
    : 'skipped; comments begin with #';
}

function tabBefore(character: '[' | '#', index: number): Complaint {
  return warning('tab-indented', index, `a tab before the ${character}; Linphone itself allows only spaces there`);
}
