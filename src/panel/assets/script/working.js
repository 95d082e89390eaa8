/*
 * Shows immediately that the server is working on a form whose answer takes a while, such as an upload or the check of
 * a table.
 */

document.addEventListener('submit', ({ target, submitter }) => {
  const line = target.querySelector('[data-working]');
  if (line === null) return;
  line.textContent = line.dataset.working;
  submitter?.setAttribute('aria-busy', 'true');
});

/* When the browser goes back to the page, restores the form to its earlier state. */
window.addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return;
  for (const line of document.querySelectorAll('[data-working]')) line.textContent = '';
  for (const button of document.querySelectorAll('button[aria-busy]')) button.removeAttribute('aria-busy');
});
