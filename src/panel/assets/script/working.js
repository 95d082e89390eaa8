/* Says at once that somebody works on a form whose answer takes a while, as an upload and the check of a table do. */

document.addEventListener('submit', ({ target, submitter }) => {
  const line = target.querySelector('[data-working]');
  if (line === null) return;
  line.textContent = line.dataset.working;
  submitter?.setAttribute('aria-busy', 'true');
});

/* Whoever comes back finds the form as it was. */
window.addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return;
  for (const line of document.querySelectorAll('[data-working]')) line.textContent = '';
  for (const button of document.querySelectorAll('button[aria-busy]')) button.removeAttribute('aria-busy');
});
