/* Ignores an event if the live part already shows this state of the same thing. */

document.addEventListener('htmx:sse:before:message', (event) => {
  const { event: name, data, id } = event.detail.message;
  if (name !== 'progress') return;
  const { dataset } = event.target;
  if (dataset.state === data && dataset.revision === id) event.preventDefault();
  dataset.state = data;
  dataset.revision = id;
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

/*
 * Keeps what the page shows if the answer is a failure or lacks the part, because htmx would put nothing in its place.
 * Once the session has ended, the answer is the page for signing in, which leads to what was asked for.
 */
document.addEventListener('htmx:before:swap', (event) => {
  const { ctx, tasks } = event.detail;
  if (!ctx.select || ctx.response === undefined) return;
  const { status, raw } = ctx.response;
  const part = tasks.find(({ type }) => type === 'main');
  if (status < 400 && part?.fragment.firstElementChild) {
    sayThatItFailed(false);
    return;
  }
  event.preventDefault();
  // Only an editor posts, and its text would be lost.
  if (raw.redirected && ctx.request.method === 'GET') location.assign(raw.url);
  else tryAgain(ctx);
});

/* Without an answer, htmx keeps what the page shows. */
document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  if (ctx?.select) tryAgain(ctx);
});

/**
 * Says that the page is not up to date. A live part is fetched again after a while, anything else by the person. If the
 * server answers that the part is gone, the whole page is loaded, which says why and fetches nothing more.
 */
function tryAgain({ sourceElement, response }) {
  const stream = document.getElementById(`${sourceElement.id}-live`);
  if (stream !== null && response !== undefined && response.status < 500) {
    location.reload();
    return;
  }
  sayThatItFailed(true);
  if (stream !== null) setTimeout(() => stream.dispatchEvent(new Event('progress')), 5_000);
}

function sayThatItFailed(isFailed) {
  const note = document.querySelector('[data-not-updated]');
  if (note !== null) note.hidden = !isFailed;
}
