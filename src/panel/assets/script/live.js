/* Leaves a live part as it is while the state is the one that it shows. */

document.addEventListener('htmx:sse:before:message', (event) => {
  const { event: name, data } = event.detail.message;
  if (name !== 'progress') return;
  if (event.target.dataset.state === data) event.preventDefault();
  event.target.dataset.state = data;
});
