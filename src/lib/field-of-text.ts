import { trimBlanks } from './trim-blanks.ts';

/**
 * Converts a text to the type that the schema declares: `true` or `false`, a number, a list (commas or JSON), or null
 * (empty or `null`). A text that does not fit is returned unchanged, and the schema check then refuses it.
 */
export function fieldOfText(given: string, schema: object): unknown {
  const types = 'type' in schema ? [schema.type].flat() : [];
  const text = 'x-verbatim' in schema ? given : trimBlanks(given);
  if (types.includes('null') && (text === '' || text === 'null')) return null;
  if (types.includes('boolean')) return text === 'true' ? true : text === 'false' ? false : text;
  if (types.includes('integer')) return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  if (types.includes('array')) return listOf(text);
  return text;
}

function listOf(text: string): unknown {
  if (!text.startsWith('[')) return text === '' ? [] : text.split(',').map((each) => each.trim());
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
