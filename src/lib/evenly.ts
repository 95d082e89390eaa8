/**
 * What `find` finds, at once. Nothing, and every failure, so many milliseconds after the call. The clock is set before the
 * search, so that what the search took, if it took less, is lost in that.
 */
export async function atOnceOrEvenly<T>(
  milliseconds: number,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const over = Promise.withResolvers<void>();
  const clock = setTimeout(over.resolve, milliseconds);
  let found: T | undefined;
  try {
    found = await find();
    return found;
  } finally {
    if (found === undefined) await over.promise;
    else clearTimeout(clock);
  }
}
