/** Returns a value that must be there. Throws if it is missing, because a default would hide the bug. */
export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a value is missing that is always there');
  return value;
}
