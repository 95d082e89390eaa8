/* Follows a code: shows the part of the page that is for its current state. */

const region = document.querySelector('[data-follows]');
const source = new EventSource(region.dataset.follows);

source.addEventListener('progress', ({ data }) => {
  const parts = [...region.querySelectorAll('[data-when]')];
  if (!parts.some((part) => part.dataset.when.split(' ').includes(data))) return;
  for (const part of parts) part.hidden = !part.dataset.when.split(' ').includes(data);
  document.querySelector('main').dataset.state = data;
});
source.addEventListener('end', () => source.close());
