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

/** Returns what a browser would send of the form that has a field with this name. */
export function formFields(html: string, name: string): URLSearchParams {
  const forms = html.match(/<form.*?<\/form>/gs) ?? [];
  const form = forms.find((each) => each.includes(` name="${name}"`)) ?? '';
  const controls = form.match(/<input[^>]*>|<(select|textarea).*?<\/\1>/gs) ?? [];
  const sent = controls.filter((each) => !/ type="(checkbox|file)"/.test(each) || each.includes(' checked'));
  return new URLSearchParams(
    sent.map((each): [string, string] => [attributeOf(each, /./, 'name') ?? '', chosenValue(each)]),
  );
}

function chosenValue(control: string): string {
  const options = control.match(/<option[^>]*>[^<]*/g) ?? [];
  const chosen = options.find((each) => / selected[ >]/.test(each)) ?? options[0] ?? control;
  const [, text = ''] =
    chosen.match(/^<textarea[^>]*>\n?(.*)<\/textarea>|^<option[^>]*>(.*)/s)?.filter((each) => each !== undefined) ?? [];
  return attributeOf(chosen, /./, 'value') ?? unescapeHtml(text);
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
