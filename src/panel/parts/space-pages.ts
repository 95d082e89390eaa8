import { html } from 'ghtml';
import type { MessageKey } from '../../locale/translate.ts';
import type { Space } from '../../spaces/space.ts';
import type { Reader } from '../reader.ts';

/** The pages about one space, in the order of the navigation. */
const spacePages = [
  ['/settings', 'space.settings', 'space.settingsWhat'],
  ['/linphonerc', 'space.linphonerc', 'space.linphonercWhat'],
  ['/mail', 'space.mail', 'space.mailWhat'],
  ['/contacts', 'space.contacts', 'space.contactsWhat'],
  ['/administrators', 'space.administrators', 'space.administratorsWhat'],
  ['/api-keys', 'space.apiKeys', 'space.apiKeysWhat'],
  ['/managed', 'space.managed', 'space.managedWhat'],
  ['/events', 'space.events', 'space.eventsWhat'],
] as const satisfies readonly (readonly [path: string, name: MessageKey, what: MessageKey])[];

export type SpacePage = (typeof spacePages)[number][0];

/** Returns the path of a page about a space. The domain is encoded, because it may be an IPv6 address. */
export function spacePath({ domain }: Space, page: SpacePage | '' | `/${string}` = ''): string {
  return `/admin/spaces/${encodeURIComponent(domain)}${page}`;
}

/** Returns the navigation's links to the pages about a space. */
export function spaceLinks({ t, prefix }: Reader, space: Space, place: string): string {
  const link = (path: string, name: MessageKey) =>
    html`<a href="${prefix}${path}"!${path === place ? ' aria-current="page"' : ''}>${t(name)}</a>`;
  const lines = spacePages.map(([page, name]) => html`<li>!${link(spacePath(space, page), name)}</li>`);
  return html`<h2>!${link(spacePath(space), 'nav.thisSpace')}</h2><ul>!${lines}</ul>`;
}

/** Returns the links of `spaceLinks`, each with a sentence, for the main page of the space. */
export function spaceContents({ t, prefix }: Reader, space: Space): string {
  const lines = spacePages.map(
    ([page, name, what]) =>
      html`<dt><a href="${prefix}${spacePath(space, page)}">${t(name)}</a></dt><dd class="soft">${t(what)}</dd>`,
  );
  return html`<dl class="contents">!${lines}</dl>`;
}

/** The head of all pages about one space. */
export interface SpaceHead {
  readonly title: string;
  /** The path of the page's entry in the navigation. */
  readonly place: string;
  readonly space: Space;
}

export function spaceHead({ t }: Reader, space: Space, page: SpacePage): SpaceHead {
  const [, name = 'space.settings' as const] = spacePages.find(([path]) => path === page) ?? [];
  return { title: t(name), place: spacePath(space, page), space };
}
