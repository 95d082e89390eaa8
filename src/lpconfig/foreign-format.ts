/** The format of a file that is not a linphonerc. */
export interface ForeignFormat {
  /** Part of a sentence, such as `an XML file`. */
  readonly what: string;
  readonly remedy: string;
}

const byHand = 'Write its settings as lines of key=value below a [section].';

const signatures: readonly { readonly start: string; readonly what: string }[] = [
  { start: '\x89PNG', what: 'a picture (PNG)' },
  { start: '\xff\xd8\xff', what: 'a picture (JPEG)' },
  { start: '\x1f\x8b', what: 'compressed (gzip)' },
  { start: 'PK\x03\x04', what: 'a ZIP archive' },
  { start: '%PDF-', what: 'a PDF file' },
  { start: 'SQLite format 3\0', what: 'a SQLite database' },
];

/**
 * Returns the format of a file that is certainly not a linphonerc. It leads to one complaint instead of one for each
 * line.
 */
export function foreignFormatOf(source: string | Uint8Array): ForeignFormat | undefined {
  return binaryFormat(source) ?? textFormat(typeof source === 'string' ? source : new TextDecoder().decode(source));
}

function binaryFormat(source: string | Uint8Array): ForeignFormat | undefined {
  const head =
    typeof source === 'string' ? source.slice(0, 8_192) : Buffer.from(source.slice(0, 8_192)).toString('latin1');
  const remedy = 'Give the linphonerc itself, a text file.';
  const signature = signatures.find(({ start }) => head.startsWith(start));
  if (signature !== undefined) return { what: signature.what, remedy };
  const nuls = head.split('\0').length - 1;
  if (nuls < 8 || nuls * 100 < head.length) return undefined;
  return { what: 'a binary file, or a text in UTF-16', remedy: 'Save it as UTF-8, or give the linphonerc itself.' };
}

function textFormat(source: string): ForeignFormat | undefined {
  const text = source.replace(/^[\ufeff\s]+/, '');
  if (/^<(?:!doctype )?html(?![\w-])/i.test(text))
    return { what: 'an HTML page', remedy: `Give the linphonerc itself. ${byHand}` };
  if (/^<[a-z?!]/i.test(text)) return isLpconfig(text) ? lpconfig : { what: 'an XML file', remedy: byHand };
  return isJson(text) ? { what: 'JSON', remedy: byHand } : undefined;
}

const lpconfig: ForeignFormat = {
  what: 'an XML document as phones fetch it',
  remedy:
    'Write <section name="sip"> as [sip] and <entry name="use_ipv6">1</entry> as use_ipv6=1; the manual has a command for it. ' +
    'Leave out accounts and their passwords, which Ringup adds.',
};

function isLpconfig(text: string): boolean {
  return /<config[\s>]/.test(text) && /<section\s/.test(text);
}

function isJson(text: string): boolean {
  if (!/^(?:\{|\[\s*["{[])/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
