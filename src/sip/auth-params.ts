/**
 * `name = token` or `name = "quoted string"` of RFC 9110 section 11.2, with the comma after it. Adjacent parts share no
 * characters, so that every text takes linear time.
 */
const authParam =
  /([\w!#$%&'*+.^`|~-]+)[\t ]*=[\t ]*(?:"((?:[^"\\\p{Cc}]|\\[^\p{Cc}])*)"|([\w!#$%&'*+.^`|~-]+))[\t ]*(?:,[\t ,]*|$)/uy;

/**
 * Parses a comma-separated list of parameters. Names become lowercase. Returns undefined if a part is malformed or a
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

/** Writes a quoted string of RFC 9110. Removes control characters, because it must not contain any. */
export function quotedString(value: string): string {
  return `"${value.replace(/\p{Cc}/gu, '').replace(/["\\]/g, '\\$&')}"`;
}
