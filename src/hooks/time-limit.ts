/**
 * Runs asynchronous work. If it is not done in time, aborts the signal and rejects. The work may go on after that, but
 * its outcome is ignored.
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
