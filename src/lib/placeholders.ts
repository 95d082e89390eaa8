const placeholder = /\{([^{}]*)\}/g;

/** Returns the placeholders in a text that are not among `names`. */
export function foreignPlaceholders(text: string, names: readonly string[]): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name).filter((name) => !names.includes(name));
}

/** Replaces each `{name}` with its value. Braces inside values are not replaced. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(placeholder, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : whole,
  );
}
