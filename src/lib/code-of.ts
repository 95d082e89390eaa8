/**
 * Returns the code of an error of Node.js, a driver or the operating system, such as `ENOENT` or `23505`; '' if it has
 * none.
 */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
