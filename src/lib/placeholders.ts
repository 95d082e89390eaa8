const placeholder = /\{([^{}]*)\}/g;

/** Returns the names in braces that are not among `names`. */
export function foreignPlaceholders(text: string, names: readonly string[]): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name).filter((name) => !names.includes(name));
}

/** Replaces each `{name}` by its value. Values are not looked at again, so braces in them stay. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(placeholder, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : whole,
  );
}
