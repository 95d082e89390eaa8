/** Returns a value that is always there. If it is missing, this throws: a default would hide the fault. */
export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a value is missing that is always there');
  return value;
}
