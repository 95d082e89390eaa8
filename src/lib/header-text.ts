const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Returns the text of a header, in which Node passes each byte as one character. Clients send UTF-8; what is not UTF-8
 * stays as it is.
 */
export function headerText(header: string): string {
  if (!/[\x80-\xff]/.test(header)) return header;
  try {
    return utf8.decode(Buffer.from(header, 'latin1'));
  } catch {
    return header;
  }
}

/** Returns the beginning of a User-Agent. Never half a character: databases refuse it. */
export function shortAgent(header: string, maxLength: number): string {
  return headerText(header).slice(0, maxLength).toWellFormed();
}
