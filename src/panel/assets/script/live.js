/* Ignores an event if the live part already shows this state. */

document.addEventListener('htmx:sse:before:message', (event) => {
  const { event: name, data } = event.detail.message;
  if (name !== 'progress') return;
  if (event.target.dataset.state === data) event.preventDefault();
  event.target.dataset.state = data;
});
