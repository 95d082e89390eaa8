/** Returns a number with the word for what it counts: `1 account`, `2 accounts`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
