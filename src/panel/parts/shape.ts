import { html } from 'ghtml';
import type { AccountState } from '../../accounts/account-state.ts';

/** The shape of a state, shown beside its word. Colour is never the only sign. */
export type Shape = 'done' | 'unusual' | AccountState;

const drawings: Readonly<Record<Shape, string>> = {
  done: '<circle cx="7" cy="7" r="7"/><path class="hole" d="m3.8 7.2 2.3 2.3 4.1-4.6"/>',
  active: '<circle cx="7" cy="7" r="7"/><path class="hole" d="m3.8 7.2 2.3 2.3 4.1-4.6"/>',
  never: '<circle class="ring" cx="7" cy="7" r="5.75" stroke-dasharray="2.2 2.3"/>',
  waiting: '<circle class="ring" cx="7" cy="7" r="6"/><path d="M7 1a6 6 0 0 1 0 12z"/>',
  blocked: '<circle class="ring" cx="7" cy="7" r="5.75"/><path class="ring" d="M3 11 11 3"/>',
  unusual: '<path d="M7 0l7 7-7 7-7-7z"/><path class="hole" d="M7 3.6v4M7 9.6v1"/>',
  failed: '<path d="M7 .6 14 13H0z"/><path class="hole" d="M7 5v3.6M7 10.2v1"/>',
};

export function shape(kind: Shape): string {
  return html`<svg class="shape ${kind}" viewBox="0 0 14 14" aria-hidden="true">!${drawings[kind]}</svg>`;
}
