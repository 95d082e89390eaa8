/* Shows a warning some time before the session ends, so that no form is lost. */
const warning = document.querySelector('[data-session-ends]');
if (warning instanceof HTMLElement) {
  const { sessionEnds = '', sessionIdle = '0' } = warning.dataset;
  const warnBefore = 10 * 60_000;
  const maxTimer = 2 ** 31 - 1;
  const left = Math.min(Date.parse(sessionEnds) - Date.now(), Number(sessionIdle));
  setTimeout(
    () => {
      warning.hidden = false;
    },
    Math.min(maxTimer, Math.max(0, left - warnBefore)),
  );
}
