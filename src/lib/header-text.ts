const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes a header, in which Node has one character for each byte. Clients send UTF-8. Other bytes stay as they are.
 */
export function headerText(header: string): string {
  if (!/[\x80-\xff]/.test(header)) return header;
  try {
    return utf8.decode(Buffer.from(header, 'latin1'));
  } catch {
    return header;
  }
}

/** Returns the beginning of a User-Agent. It never ends with half a character, because databases refuse that. */
export function shortAgent(header: string, maxLength: number): string {
  return headerText(header).slice(0, maxLength).toWellFormed();
}
