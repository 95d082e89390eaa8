/* Shows the buttons that copy a field, which do nothing without a script. */

show();
document.addEventListener('htmx:after:swap', show);
document.addEventListener('click', async ({ target }) => {
  const button = target.closest('button[data-copies]');
  if (button === null) return;
  const field = document.getElementById(button.dataset.copies);
  const status = button.parentElement.querySelector('[role="status"]');
  const { copied, selected } = button.dataset;
  field.select();
  status.textContent = (await copy(field)) ? copied : selected;
});

function show() {
  for (const button of document.querySelectorAll('button[data-copies]')) button.hidden = false;
}

/** Browsers allow the clipboard only on pages that came by https or from the same machine. */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand('copy');
  }
}
