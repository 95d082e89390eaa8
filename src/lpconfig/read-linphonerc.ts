import { AppError } from '../errors.ts';
import { visibleValue } from './address-passwords.ts';
import type { Document, Entry, Origin } from './document.ts';
import { type Complaint, readLine } from './linphonerc-line.ts';

/** A mistake in a linphonerc. An error makes the text unusable; a warning does not. Lines and columns count from 1. */
export interface Mistake extends Complaint {
  readonly line: number;
  /** The text of the line, made safe for a message. */
  readonly text: string;
}

/** A key that occurs again in its section. Line `first` has the first occurrence. */
export interface RepeatedKey {
  readonly section: string;
  readonly key: string;
  readonly line: number;
  readonly column: number;
  readonly first: number;
}

/** `document` contains everything that could be read. Do not use it if a mistake is an error. */
export interface Linphonerc {
  readonly document: Document;
  readonly mistakes: readonly Mistake[];
  /** Where each section begins. */
  readonly headings: ReadonlyMap<string, Origin>;
  readonly repeated: readonly RepeatedKey[];
  /**
   * The sections that contain errors. A section whose heading cannot be read is listed under the name that it seems to
   * have.
   */
  readonly incomplete: ReadonlySet<string>;
}

interface ReadOptions {
  readonly layer?: string;
  /** The file name for origins. */
  readonly file?: string;
}

/** The maximum number of mistakes for each severity, because nobody would read a longer list. */
const maxMistakes = 100;

/** Reads a linphonerc as liblinphone does. Never throws. Every entry has `overwrite` set and its place as origin. */
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
  return { document: withoutEmptySections(document), mistakes, headings, repeated, incomplete };
}

/** A heading without keys is in no document that is written, so it must not take a number of `auth_info_N` either. */
function withoutEmptySections(document: Document): Document {
  return new Map([...document].filter(([, section]) => section.size > 0));
}

/** Decodes a linphonerc file. Keeps a byte order mark. Throws an error that names `file` if the bytes are not UTF-8. */
export function decodeLinphonerc(bytes: Uint8Array, file = 'linphonerc'): string {
  try {
    return decode(bytes);
  } catch (cause) {
    const mistakes = [formatMistake(file, findUndecodable(bytes))];
    throw new AppError('linphonerc-broken', { mistakes }, { cause });
  }
}

/** Reads the bytes of a linphonerc. If they are not text, that is one of its mistakes. Never throws. */
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
 * Returns the section that the next keys belong to. A section with an unusable name is not part of the document, so
 * that its keys do not end up in another one.
 */
function openSection(document: Map<string, Map<string, Entry>>, name: string | undefined): Map<string, Entry> {
  const section = (name === undefined ? undefined : document.get(name)) ?? new Map<string, Entry>();
  if (name !== undefined) document.set(name, section);
  return section;
}

/** Returns the name in a heading without a closing bracket: `auth_info_0` for `[auth_info_0`. */
function seemingName(heading: string): string {
  return /^\s*\[\s*([^\s\]]*)/.exec(heading)?.[1] ?? '';
}

/** Removes the byte order mark. If there are two, keeps both, so that the first line is refused. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') && text[1] !== '\ufeff' ? text.slice(1) : text;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

// Messages are logged, and logs must not contain secrets, not even the value of a misspelled key.
function quoteLine(line: string): string {
  return visibleValue(line.trim()).replace(
    /(passw(?:or)?d|passphrase|ha1|secret|token|authorization|(?:api|auth|access).?key|(?<![a-z])(?:pass|pwd|pw|pin)(?=\s*=)).+/i,
    '$1…',
  );
}

function decode(bytes: Uint8Array): string {
  // By default, the decoder removes a byte order mark, and a second one would then look like the first.
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/**
 * Returns the first line that is not UTF-8. A line feed is never part of another character, so each line can be decoded
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
