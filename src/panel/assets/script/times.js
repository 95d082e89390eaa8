/* Converts the times of a page to the time zone of the browser, if the page was written in another one. */

const root = document.documentElement;
const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
const tag = root.lang === 'en' ? 'en-GB' : root.lang;
const clock = { hour: '2-digit', minute: '2-digit' };
const dayMs = 86_400_000;

const styles = {
  moment: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', ...clock, timeZoneName: 'short' },
  weekday: { weekday: 'long', ...clock },
  clock,
  date: { dateStyle: 'long' },
};

if (document.querySelector('meta[name="time-zone"]').content !== timeZone) {
  show();
  document.addEventListener('htmx:after:swap', show);
}

function show() {
  for (const name of document.querySelectorAll('[data-zone-name]')) name.textContent = timeZone;
  for (const time of document.querySelectorAll('time[data-style]')) {
    const at = new Date(time.dateTime);
    const style = styles[time.dataset.style];
    const text = style === undefined ? near(at) : new Intl.DateTimeFormat(tag, style).format(at);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** Returns a moment with the time: yesterday, today and tomorrow by name, other days by date. */
function near(at) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(at) - midnight(new Date())) / dayMs);
  const time = new Intl.DateTimeFormat(tag, clock).format(at);
  if (Math.abs(days) <= 1) {
    return `${new Intl.RelativeTimeFormat(root.lang, { numeric: 'auto' }).format(days, 'day')} ${time}`;
  }
  const isFar = at.getFullYear() !== new Date().getFullYear();
  const date = { day: 'numeric', month: 'short', ...(isFar ? { year: 'numeric' } : {}) };
  return `${new Intl.DateTimeFormat(tag, date).format(at)}, ${time}`;
}
