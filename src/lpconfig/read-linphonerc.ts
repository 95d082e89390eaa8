import { AppError } from '../errors.ts';
import { visibleValue } from './address-passwords.ts';
import type { Document, Entry, Origin } from './document.ts';
import { type Complaint, readLine } from './linphonerc-line.ts';

/** A mistake in a linphonerc. An error makes it unusable, a warning does not. Lines and columns count from 1. */
export interface Mistake extends Complaint {
  readonly line: number;
  /** The line, in a form that is safe for a message. */
  readonly text: string;
}

/** A key that its section already has, in the line `first`. */
export interface RepeatedKey {
  readonly section: string;
  readonly key: string;
  readonly line: number;
  readonly column: number;
  readonly first: number;
}

/** `document` contains what could be read. Use it only if no mistake is an error. */
export interface Linphonerc {
  readonly document: Document;
  readonly mistakes: readonly Mistake[];
  /** Where each section begins. */
  readonly headings: ReadonlyMap<string, Origin>;
  readonly repeated: readonly RepeatedKey[];
  /** The sections that contain errors. If a heading cannot be read, it stands here by what its name seems to be. */
  readonly incomplete: ReadonlySet<string>;
}

interface ReadOptions {
  readonly layer?: string;
  /** Named in the origins. */
  readonly file?: string;
}

/** The maximum for each severity, because nobody would read a longer list. */
const maxMistakes = 100;

/** Reads a linphonerc the way liblinphone does. Never throws. Every entry has `overwrite`, and its place as origin. */
export function readLinphonerc(text: string, options: ReadOptions = {}): Linphonerc {
  const { layer = 'linphonerc', file } = options;
  const place = file === undefined ? { layer } : { layer, file };
  const document = new Map<string, Map<string, Entry>>();
  const headings = new Map<string, Origin>();
  const mistakes: Mistake[] = [];
  const repeated: RepeatedKey[] = [];
  const incomplete = new Set<string>();
  const count = { error: 0, warning: 0 };
  let section: Map<string, Entry> | undefined;
  let sectionName = '';

  const lines = withoutMark(text).split('\n');
  for (let line = 1; line <= lines.length; line += 1) {
    const content = withoutReturn(lines[line - 1] ?? '');
    const complain = (complaint: Complaint) => {
      count[complaint.severity] += 1;
      if (complaint.severity === 'error') incomplete.add(sectionName);
      if (count[complaint.severity] <= maxMistakes) mistakes.push({ ...complaint, line, text: quoteLine(content) });
    };
    const read = readLine(content);
    if (read.kind === 'entry') {
      if (section === undefined) complain({ ...beforeSection, column: read.column });
      else {
        const { column, name, value } = read;
        const first = section.get(name)?.origin?.line;
        if (first !== undefined && repeated.length < maxMistakes) {
          repeated.push({ section: sectionName, key: name, line, column, first });
        }
        section.set(name, { value, overwrite: true, origin: { ...place, line, column } });
      }
    } else {
      if (read.kind === 'section') {
        sectionName = read.name ?? seemingName(content);
        section = openSection(document, read.name);
        if (read.name !== undefined && !headings.has(sectionName))
          headings.set(sectionName, { ...place, line, column: read.column });
      }
      if (read.complaint !== undefined) complain(read.complaint);
    }
  }
  return { document, mistakes, headings, repeated, incomplete };
}

/** Returns the text of a linphonerc file, with its byte order mark if it has one. Throws an error that names `file` if it is not UTF-8. */
export function decodeLinphonerc(bytes: Uint8Array, file = 'linphonerc'): string {
  try {
    return decode(bytes);
  } catch (cause) {
    const mistakes = [formatMistake(file, findUndecodable(bytes))];
    throw new AppError('linphonerc-broken', { mistakes }, { cause });
  }
}

/** Reads a linphonerc that may not be text, which is then one of its mistakes. Never throws. */
export function readLinphonercBytes(bytes: Uint8Array, options: ReadOptions = {}): Linphonerc {
  if (isUtf8(bytes)) return readLinphonerc(decode(bytes), options);
  return { ...readLinphonerc('', options), mistakes: [findUndecodable(bytes)] };
}

/** Returns `file:line:column: message: text`, which editors can open. */
export function formatMistake(file: string, mistake: Mistake): string {
  return `${file}:${mistake.line}:${mistake.column}: ${mistake.message}: ${mistake.text}`;
}

const beforeSection = {
  rule: 'line-unreadable',
  severity: 'error',
  message: 'the key comes before the first [section]',
} as const;

/**
 * Returns the section to fill next. A section with an unusable name is not part of the document, so its keys end up in
 * no other one.
 */
function openSection(document: Map<string, Map<string, Entry>>, name: string | undefined): Map<string, Entry> {
  const section = (name === undefined ? undefined : document.get(name)) ?? new Map<string, Entry>();
  if (name !== undefined) document.set(name, section);
  return section;
}

/** Returns `auth_info_0` for `[auth_info_0`, which lacks its bracket. */
function seemingName(heading: string): string {
  return /^\s*\[\s*([^\s\]]*)/.exec(heading)?.[1] ?? '';
}

/** Returns the text without its byte order mark. Of two, both stay, so that the first line is refused. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') && text[1] !== '\ufeff' ? text.slice(1) : text;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

// Messages go to logs, which must not contain secrets, not even after a misspelled key.
function quoteLine(line: string): string {
  return visibleValue(line.trim()).replace(
    /(passw(?:or)?d|passphrase|ha1|secret|token|authorization|(?:api|auth|access).?key|(?<![a-z])(?:pass|pwd|pw|pin)(?=\s*=)).+/i,
    '$1…',
  );
}

function decode(bytes: Uint8Array): string {
  // By default, the decoder drops a byte order mark, so that a second one would pass as the first.
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/**
 * Returns the first line that is not UTF-8. A line feed is never part of another character, so each line can be tried
 * alone.
 */
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
  return {
    rule: 'not-utf8',
    severity: 'error',
    line,
    column: 1,
    text,
    message: 'is not UTF-8; save the file as UTF-8',
  };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decode(bytes);
    return true;
  } catch {
    return false;
  }
}
