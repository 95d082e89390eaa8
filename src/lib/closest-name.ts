/**
 * Returns the name that a misspelled one probably means. The two differ by at most two letters, or one contains the
 * other.
 */
export function closestName(text: string, names: readonly string[]): string | undefined {
  const wanted = text.toLowerCase();
  const [closest] = names
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= 2 || wanted.includes(name.toLowerCase()))
    .sort((a, b) => a.distance - b.distance);
  return closest?.name;
}

/** Returns the Levenshtein distance of two texts: how many letters to add, remove or change. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const letter of a) {
    const next = [(row[0] ?? 0) + 1];
    for (const [index, other] of [...b].entries()) {
      const changed = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
