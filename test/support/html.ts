/** The value of an attribute of the first element whose start tag matches, as a browser reads it; undefined: none. */
export function attributeOf(html: string, startTag: RegExp, name: string): string | undefined {
  const tag = html.match(/<[a-z][^>]*>/g)?.find((each) => startTag.test(each));
  const value = tag?.match(new RegExp(` ${name}="([^"]*)"`))?.[1];
  return value === undefined ? undefined : unescapeHtml(value);
}

/** The values of an attribute wherever it occurs. */
export function allAttributes(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(`<[^>]* ${name}="([^"]*)"`, 'g'))].map(([, value]) => unescapeHtml(value ?? ''));
}

/** What a page says, tags and style aside. */
export function textOf(html: string): string {
  const apart = html.replace(/<style>.*?<\/style>/s, '').replace(/<\/(p|li|h\d|t[drh]|caption|summary)>/g, '$& ');
  const text = apart.replace(/<[^>]*>/g, '');
  return unescapeHtml(text).replace(/\s+/g, ' ').trim();
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
