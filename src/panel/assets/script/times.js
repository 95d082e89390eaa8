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
  regroup();
  show();
  document.addEventListener('htmx:after:swap', show);
}

function show() {
  for (const name of document.querySelectorAll('[data-zone-name]')) name.textContent = timeZone;
  for (const time of document.querySelectorAll('time[data-style]')) {
    const at = new Date(time.dateTime);
    const style = styles[time.dataset.style];
    const text =
      style === undefined ? near(at, time.dataset.style === 'near') : new Intl.DateTimeFormat(tag, style).format(at);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** Puts the events of a timeline under the days of this time zone, which begin at other moments. */
function regroup() {
  const sections = document.querySelectorAll('section.day');
  const lists = new Map();
  for (const item of document.querySelectorAll('section.day > ol > li')) {
    const at = new Date(item.querySelector('time').dateTime);
    const day = midnight(at);
    if (!lists.has(day)) lists.set(day, newDay(at, sections[0]));
    lists.get(day).append(item);
  }
  for (const section of sections) section.remove();
}

/** Adds a day without events before this section. Returns its list. */
function newDay(at, next) {
  const section = next.cloneNode(true);
  section.querySelector('h2').textContent = heading(at);
  next.before(section);
  const list = section.querySelector('ol');
  list.replaceChildren();
  return list;
}

/** Returns a day as a heading: today and yesterday by name, others by weekday, as the server writes it. */
function heading(at) {
  const date = { day: 'numeric', month: 'long' };
  const days = daysFromToday(at);
  if (days !== 0 && days !== -1) {
    return new Intl.DateTimeFormat(tag, { weekday: 'long', ...date, ...yearIfFar(at) }).format(at);
  }
  const name = dayName(days);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}, ${new Intl.DateTimeFormat(tag, date).format(at)}`;
}

/** Returns a moment with the time: with `isNamed`, yesterday, today and tomorrow by name; otherwise by date. */
function near(at, isNamed) {
  const days = daysFromToday(at);
  const time = new Intl.DateTimeFormat(tag, clock).format(at);
  if (isNamed && Math.abs(days) <= 1) return `${dayName(days)} ${time}`;
  const date = { day: 'numeric', month: 'short', ...yearIfFar(at) };
  return `${new Intl.DateTimeFormat(tag, date).format(at)}, ${time}`;
}

function dayName(days) {
  return new Intl.RelativeTimeFormat(root.lang, { numeric: 'auto' }).format(days, 'day');
}

function yearIfFar(at) {
  return at.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' };
}

function daysFromToday(at) {
  return Math.round((midnight(at) - midnight(new Date())) / dayMs);
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
