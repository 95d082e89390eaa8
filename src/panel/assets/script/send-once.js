/*
 * Ignores a button that is pressed again while the page waits for the answer: a double click would add, create or send
 * the same thing twice. The time is limited, because nothing tells a page that its request was stopped, or that the
 * answer was a file.
 */

const waitMs = 10_000;
const pressed = new Set();

document.addEventListener('submit', (event) => {
  // htmx has sent it.
  if (event.defaultPrevented) return;
  const button = event.submitter ?? event.target;
  if (pressed.has(button)) {
    event.preventDefault();
    return;
  }
  pressed.add(button);
  setTimeout(() => pressed.delete(button), waitMs);
});

/* When the browser goes back to the page, everything can be sent again. */
window.addEventListener('pageshow', () => pressed.clear());
