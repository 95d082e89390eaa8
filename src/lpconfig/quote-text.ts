const maxLength = 80;

/** Text from outside made fit for a message: one line, short, nothing that a terminal or a log would act upon. */
export function quoteText(text: string): string {
  const start = text.slice(0, maxLength).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return text.length > maxLength ? `${start}…` : start;
}
