import { AppError } from '../errors.ts';
import type { Document, Entry } from './document.ts';
import { type Complaint, readLine } from './linphonerc-line.ts';
import { quoteText } from './quote-text.ts';

/** One thing wrong with a linphonerc. An error makes it unusable, a warning does not. Line and column count from 1. */
export interface Mistake extends Complaint {
  readonly line: number;
  /** The line in question, made fit for a message. */
  readonly text: string;
}

/** `document` holds what could be read; it is to be used only if no mistake is an error. */
export interface Linphonerc {
  readonly document: Document;
  readonly mistakes: readonly Mistake[];
}

/** Of each severity; what is so broken is not a linphonerc, and a longer list helps nobody. */
const maxMistakes = 100;

/** Reads a linphonerc the way liblinphone does. Never throws; every entry has `overwrite`, and its line as origin. */
export function readLinphonerc(text: string, options: { layer?: string } = {}): Linphonerc {
  const { layer = 'linphonerc' } = options;
  const document = new Map<string, Map<string, Entry>>();
  const mistakes: Mistake[] = [];
  const count = { error: 0, warning: 0 };
  let section: Map<string, Entry> | undefined;

  const lines = withoutMark(text).split('\n');
  for (let line = 1; line <= lines.length; line += 1) {
    const content = withoutReturn(lines[line - 1] ?? '');
    const complain = (complaint: Complaint) => {
      count[complaint.severity] += 1;
      if (count[complaint.severity] <= maxMistakes) mistakes.push({ ...complaint, line, text: quoteLine(content) });
    };
    const read = readLine(content);
    if (read.kind === 'entry') {
      if (section === undefined) complain({ ...beforeSection, column: read.column });
      else section.set(read.name, { value: read.value, overwrite: true, origin: { layer, line } });
    } else {
      if (read.kind === 'section') section = openSection(document, read.name);
      if (read.complaint !== undefined) complain(read.complaint);
    }
  }
  return { document, mistakes };
}

/** The text of a linphonerc file; `file` is named in the error if it is not UTF-8. */
export function decodeLinphonerc(bytes: Uint8Array, file = 'linphonerc'): string {
  try {
    return decode(bytes);
  } catch (cause) {
    const message = formatMistake(file, findUndecodable(bytes));
    throw new AppError('linphonerc-broken', message, { cause });
  }
}

/** All mistakes of a linphonerc, also when it is not even text. Never throws. */
export function lintLinphonerc(bytes: Uint8Array): readonly Mistake[] {
  return isUtf8(bytes) ? readLinphonerc(decode(bytes)).mistakes : [findUndecodable(bytes)];
}

/** `file:line:column: message: text`, the form that editors jump to. */
export function formatMistake(file: string, mistake: Mistake): string {
  return `${file}:${mistake.line}:${mistake.column}: ${mistake.message}: ${mistake.text}`;
}

const beforeSection = { severity: 'error', message: 'the key stands before the first [section]' } as const;

/** The section to fill next. One whose name cannot be used is filled beside the document: its keys are in no other. */
function openSection(document: Map<string, Map<string, Entry>>, name: string | undefined): Map<string, Entry> {
  const section = (name === undefined ? undefined : document.get(name)) ?? new Map<string, Entry>();
  if (name !== undefined) document.set(name, section);
  return section;
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

// Messages go to logs, where no secret may stand, not even a misspelt one.
function quoteLine(line: string): string {
  return quoteText(line.trim()).replace(/(passw(?:or)?d|ha1|secret|token|authorization|api.?key).+/i, '$1…');
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** The first line that is not UTF-8. A line feed is never part of another character, so each line can be tried alone. */
function findUndecodable(bytes: Uint8Array): Mistake {
  let line = 0;
  let start = 0;
  let content: Uint8Array;
  do {
    const end = bytes.indexOf(0x0a, start);
    content = bytes.subarray(start, end === -1 ? bytes.length : end);
    start += content.length + 1;
    line += 1;
  } while (start <= bytes.length && isUtf8(content));
  const text = quoteLine(new TextDecoder().decode(content));
  return { severity: 'error', line, column: 1, text, message: 'is not UTF-8; save the file as UTF-8' };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decode(bytes);
    return true;
  } catch {
    return false;
  }
}
