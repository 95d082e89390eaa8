/**
 * Returns an attribute of the first element whose start tag matches, as a browser decodes it; undefined if there is
 * none.
 */
export function attributeOf(html: string, startTag: RegExp, name: string): string | undefined {
  const tag = html.match(/<[a-z][^>]*>/g)?.find((each) => startTag.test(each));
  const value = tag?.match(new RegExp(` ${name}="([^"]*)"`))?.[1];
  return value === undefined ? undefined : unescapeHtml(value);
}

/** Returns all values of an attribute. */
export function allAttributes(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(`<[^>]* ${name}="([^"]*)"`, 'g'))].map(([, value]) => unescapeHtml(value ?? ''));
}

/** Returns the text of a page, without tags and styles. */
export function textOf(html: string): string {
  const apart = html.replace(/<style>.*?<\/style>/s, '').replace(/<\/(p|li|h\d|t[drh]|caption|summary)>/g, '$& ');
  const text = apart.replace(/<[^>]*>/g, '');
  return unescapeHtml(text).replace(/\s+/g, ' ').trim();
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
