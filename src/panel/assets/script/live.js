/* Ignores an event if the live part already shows this state. */

document.addEventListener('htmx:sse:before:message', (event) => {
  const { event: name, data } = event.detail.message;
  if (name !== 'progress') return;
  if (event.target.dataset.state === data) event.preventDefault();
  event.target.dataset.state = data;
});

/* Handles what was typed or chosen before this script was loaded. */
document.addEventListener('htmx:after:init', ({ target }) => {
  for (const field of target.elements ?? [target]) {
    const isChosen = field instanceof HTMLSelectElement;
    const isEarly = isChosen
      ? !field.selectedOptions[0]?.defaultSelected
      : 'defaultValue' in field && field.value !== field.defaultValue;
    if (isEarly) field.dispatchEvent(new Event(isChosen ? 'change' : 'input', { bubbles: true }));
  }
});
