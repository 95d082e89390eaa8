import { html } from 'ghtml';
import type { ProvisioningDay } from '../../administration/provisioning-days.ts';
import type { Reader } from '../reader.ts';

const height = 120;
const dayWidth = 10;
const barWidth = 6;
const gridLines = 3;

/** Returns the bars of the last days above the table of their values. The bars stretch, so the labels are text. */
export function dayPlot(reader: Reader, days: readonly ProvisioningDay[]): string {
  const { t } = reader;
  const [delivered, lost] = [sumOf(days, 'delivered'), sumOf(days, 'lost')];
  const step = stepFor(Math.max(...days.map((day) => day.delivered + day.lost)));
  const labels = Array.from({ length: gridLines + 1 }, (_, line) => html`<span>${(gridLines - line) * step}</span>`);
  const middle = days[Math.floor(days.length / 2)];
  return html`<figure class="plot">
<div class="scale" aria-hidden="true">!${labels}</div>
<svg viewBox="0 0 ${days.length * dayWidth} ${height}" preserveAspectRatio="none" role="img" aria-label="${t('overview.plot', { delivered, lost })}">!${grid(days.length * dayWidth)}!${days.map((day, index) => bar(day, index, step * gridLines))}</svg>
<p class="days" aria-hidden="true"><span>${shortDate(reader, days[0])}</span><span>${shortDate(reader, middle)}</span><span>${t('overview.today')}</span></p>
<figcaption><span class="key done">${t('overview.delivered', { count: delivered })}</span><span class="key lost">${t('overview.lost', { count: lost })}</span><span>${t('overview.days', { count: days.length, zone: reader.timeZone })}</span></figcaption>
</figure>
<details><summary>${t('overview.asTable')}</summary>!${table(reader, days)}</details>`;
}

function sumOf(days: readonly ProvisioningDay[], name: 'delivered' | 'lost'): number {
  return days.reduce((sum, day) => sum + day[name], 0);
}

/** Returns 1, 2 or 5 times a power of ten, so that few steps cover the highest bar. */
function stepFor(max: number): number {
  const least = Math.max(1, max / gridLines);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((each) => each * power).find((step) => step >= least) ?? power * 10;
}

function grid(width: number): string {
  const lines = Array.from({ length: gridLines + 1 }, (_, line) => (line * height) / gridLines);
  return lines.map((y) => html`<path class="grid" d="M0 ${y}H${width}"/>`).join('');
}

function bar({ delivered, lost }: ProvisioningDay, index: number, max: number): string {
  const x = index * dayWidth + (dayWidth - barWidth) / 2;
  const [done, failed] = [(delivered * height) / max, (lost * height) / max];
  const rectangle = (kind: string, y: number, size: number) =>
    size === 0 ? '' : html`<rect class="${kind}" x="${x}" y="${y}" width="${barWidth}" height="${size}"/>`;
  return `${rectangle('done', height - done, done)}${rectangle('lost', height - done - failed, failed)}`;
}

function table(reader: Reader, days: readonly ProvisioningDay[]): string {
  const { t } = reader;
  const rows = days
    .toReversed()
    .map(
      (day) =>
        html`<tr><td>${shortDate(reader, day)}</td><td class="figures">${day.delivered}</td><td class="figures">${day.lost}</td></tr>`,
    );
  return html`<table><thead><tr><th scope="col">${t('overview.day')}</th><th scope="col" class="figures">${t('state.active')}</th><th scope="col" class="figures">${t('state.failed')}</th></tr></thead><tbody>!${rows}</tbody></table>`;
}

function shortDate({ language }: Reader, day: ProvisioningDay | undefined): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
  return day === undefined ? '' : format.format(new Date(day.date));
}
