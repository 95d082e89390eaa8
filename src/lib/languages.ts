/** The languages of pages and mails. */
export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

export function isLanguage(text: string | null | undefined): text is Language {
  return (languages as readonly unknown[]).includes(text);
}

/** Returns the supported language that an `Accept-Language` header prefers, or undefined if it contains none. */
export function preferredLanguage(header: string | undefined): Language | undefined {
  const wished = (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((part, index) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
      const q = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find((each) => each !== undefined);
      return { language: range.split('-')[0] ?? '', weight: q === undefined ? 1 : Number(q), index };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight || one.index - other.index);
  return wished.map(({ language }) => language).find(isLanguage);
}
