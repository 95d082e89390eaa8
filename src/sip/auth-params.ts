/**
 * `name = token` or `name = "quoted string"` of RFC 9110 section 11.2, with the comma after it. Adjacent parts have no
 * character in common, so any text takes linear time.
 */
const authParam =
  /([\w!#$%&'*+.^`|~-]+)[\t ]*=[\t ]*(?:"((?:[^"\\\p{Cc}]|\\[^\p{Cc}])*)"|([\w!#$%&'*+.^`|~-]+))[\t ]*(?:,[\t ,]*|$)/uy;

/**
 * Reads a comma-separated list of parameters, with names in lowercase. Returns undefined if any of it is malformed or a
 * name is repeated.
 */
export function parseAuthParams(text: string): ReadonlyMap<string, string> | undefined {
  const params = new Map<string, string>();
  const list = text.replace(/^[\t ,]+/, '');
  authParam.lastIndex = 0;
  while (authParam.lastIndex < list.length) {
    const [, name = '', quoted = '', token] = authParam.exec(list) ?? [];
    if (name === '' || params.has(name.toLowerCase())) return undefined;
    params.set(name.toLowerCase(), token ?? quoted.replace(/\\(.)/gsu, '$1'));
  }
  return params;
}

/** Writes a quoted string of RFC 9110, without control characters, which it cannot contain. */
export function quotedString(value: string): string {
  return `"${value.replace(/\p{Cc}/gu, '').replace(/["\\]/g, '\\$&')}"`;
}
