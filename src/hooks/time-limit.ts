/**
 * Runs work that may wait, and rejects when it is not done in time; its signal is aborted then. Work that is late can be
 * told to end but not be made to: what becomes of it is ignored.
 */
export async function withTimeLimit<T>(
  milliseconds: number,
  timeUp: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new DOMException(timeUp, 'TimeoutError');
    late.reject(error);
    controller.abort(error);
  }, milliseconds);
  try {
    return await Promise.race([work(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
