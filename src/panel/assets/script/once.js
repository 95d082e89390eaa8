/*
 * Ignores the second click of a double click on a button that works only once. The browser would drop the answer to the
 * first, and with it the session.
 */

const patienceMs = 5_000;
let sentAt = Number.NEGATIVE_INFINITY;

document.addEventListener('submit', (event) => {
  if (event.timeStamp - sentAt < patienceMs) event.preventDefault();
  else sentAt = event.timeStamp;
});
