import { html } from 'ghtml';
import type { Event } from '../../events/event.ts';
import type { MessageKey } from '../../locale/translate.ts';
import type { FollowedCode } from '../../provisioning/newest-code.ts';
import { deviceName, isLinphoneAgent } from '../../sip/device-name.ts';
import { markPaths } from '../html-page.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';
import { when } from './when.ts';

type StopKind = 'done' | 'next' | 'later' | 'failed' | 'unusual';

interface Stop {
  readonly kind: StopKind;
  readonly name: MessageKey;
  /** HTML, already escaped. */
  readonly detail?: string;
}

/** Returns the steps of a code on its way to a phone, with the completed ones and the next. */
export function codeStops(reader: Reader, code: FollowedCode, now: number): string {
  const items = stopsOf(reader, code, now).map(
    ({ kind, name, detail }) =>
      html`<li class="${kind}"!${kind === 'next' ? ' aria-current="step"' : ''}>!${drawing(kind)}<div><span class="stop">${reader.t(name)}</span>!${detail === undefined ? '' : html`<span class="second">!${detail}</span>`}</div></li>`,
  );
  return html`<ol class="stops" aria-label="${reader.t('stop.label')}">!${items}</ol>`;
}

function stopsOf(reader: Reader, { token, progress }: FollowedCode, now: number): Stop[] {
  const { t } = reader;
  const { state, opened, fetched, ended } = progress;
  const at = (instant: number) => when(reader, instant, now);
  const of = (event: Event | undefined) => (event === undefined ? {} : { detail: eventDetail(reader, event, now) });
  const past: Stop[] = [
    { kind: 'done', name: 'stop.ready', detail: at(token.createdAt) },
    ...(opened === undefined ? [] : [{ kind: 'done', name: 'stop.opened', ...of(opened) } as const]),
  ];
  const wasFetched: Stop = { kind: 'done', name: 'stop.fetched', ...of(fetched) };
  switch (state) {
    case 'waiting':
    case 'opened':
      return [...past, { kind: 'next', name: 'stop.awaited' }, { kind: 'later', name: 'stop.delivered' }];
    case 'fetched':
      return [...past, wasFetched, { kind: 'next', name: 'stop.confirming', detail: html`${t('stop.seconds')}` }];
    case 'delivered':
      return [...past, wasFetched, { kind: 'done', name: 'stop.delivered', ...of(ended) }];
    case 'lost':
      return [...past, wasFetched, { kind: 'failed', name: 'stop.lost', ...of(ended) }];
    case 'expired': {
      const end = token.revokedAt ?? token.expiresAt;
      const name = token.revokedAt === null ? 'stop.expired' : 'stop.revoked';
      return [...past, { kind: 'unusual', name, ...(end === null ? {} : { detail: at(end) }) }];
    }
  }
}

/** Returns when an event happened, and on which device. */
function eventDetail(reader: Reader, { at, agent }: Event, now: number): string {
  const moment = when(reader, at, now);
  if (agent === null || agent === '') return moment;
  return html`!${moment}, ${isLinphoneAgent(agent) ? deviceName(agent) : reader.t(browserOn(agent))}`;
}

/** Returns what a browser runs on. Everything unknown counts as a computer. */
export function browserOn(agent: string): MessageKey {
  if (/Android/.test(agent)) return 'stop.onAndroid';
  if (/iPhone|iPad/.test(agent)) return 'stop.onApple';
  return 'stop.onComputer';
}

function drawing(kind: StopKind): string {
  if (kind === 'next') return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">!${markPaths}</svg>`;
  if (kind === 'later')
    return '<svg class="shape later" viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="6"/></svg>';
  return shape(kind);
}
