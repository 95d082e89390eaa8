/** Waits for work until the signal is aborted, because the work may never end. The work continues. */
export async function within(patience: AbortSignal, work: Promise<void>): Promise<void> {
  const givenUp = new Promise<void>((resolve) => {
    if (patience.aborted) resolve();
    else patience.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([work, givenUp]);
}
