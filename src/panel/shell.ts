import { html } from 'ghtml';
import { type Caller, isAdministrator, isSuperAdministrator } from '../access/caller.ts';
import { idleLimitMs, maxLifetimeMs } from '../access/sessions.ts';
import type { MessageKey } from '../locale/translate.ts';
import type { Space } from '../spaces/space.ts';
import { type Asset, copyScript, liveScript, sessionScript } from './assets.ts';
import { htmlPage, wordmark } from './html-page.ts';
import { filled } from './parts/prose.ts';
import { shape } from './parts/shape.ts';
import { spaceLinks } from './parts/space-pages.ts';
import type { Reader } from './reader.ts';
import { inSpace } from './space-in-view.ts';

/** A page for people who are signed in. */
export interface ShellPage {
  readonly title: string;
  /** The path of the navigation entry that is marked as current. */
  readonly place: string;
  /** The space in view, which the navigation links keep; by default, the caller's. */
  readonly space?: Space;
  /** The link back: its path and its text. */
  readonly back?: { readonly path: string; readonly name: string };
  /** HTML, already escaped: the line below the title. */
  readonly line?: string;
  /** HTML, already escaped: the buttons beside the title. */
  readonly actions?: string;
  /** Scripts that make the page more convenient. It must work without them. */
  readonly scripts?: readonly Asset[];
  /** Whether the page reloads by itself in browsers without JavaScript. */
  readonly reloads?: boolean;
  /** HTML, already escaped. */
  readonly main: string;
}

/** Returns the whole HTML document, with the navigation entries that the caller may use. */
export function shell(reader: Reader, caller: Caller, page: ShellPage): string {
  const { t, prefix } = reader;
  const space = page.space ?? caller.space;
  const isAdmin = isAdministrator(caller);
  const body = html`<a class="skip" href="#main">${t('nav.skip')}</a>
<header class="bar">!${wordmark(prefix)}<button class="button plain menu" popovertarget="nav"><span class="opens">${t('nav.menu')}</span><span class="closes">${t('nav.close')}</span></button></header>
<nav class="nav" id="nav" popover aria-label="${t('nav.label')}">
!${wordmark(prefix)}
<p class="where"><b>${space.name ?? space.domain}</b>!${space.name === null || space.name === space.domain ? '' : html`<span class="small soft">${space.domain}</span>`}</p>
!${isAdmin ? links(reader, page.place, administration, (path) => inSpace(caller, space, path)) : ''}
!${isAdmin ? spaceLinks(reader, space, page.place) : ''}
<div class="foot"><p class="small soft">!${filled(t, 'nav.times', { zone: html`<span data-zone-name>${reader.timeZone}</span>` })}</p>!${isSuperAdministrator(caller) ? links(reader, page.place, [['/admin/spaces', 'nav.allSpaces']], (path) => path) : ''}<p class="who"><a href="${prefix}/account"!${page.place === '/account' ? ' aria-current="page"' : ''}><bdi>${caller.account.displayName ?? caller.account.username}</bdi></a></p>
<form method="post" action="${prefix}/logout"><button>${t('nav.signOut')}</button></form></div>
</nav>
<main id="main">
!${back(reader, page, (path) => inSpace(caller, space, path))}
<div class="page-head"><div><h1>${page.title}</h1>!${page.line === undefined ? '' : html`<p class="soft">!${page.line}</p>`}</div>!${page.actions === undefined ? '' : html`<div class="actions">!${page.actions}</div>`}</div>
!${sessionWarning(reader, caller)}
<p class="banner warn" role="status" data-not-updated hidden>!${shape('unusual')}<span>${t('page.notUpdated')}</span></p>
!${page.main}
</main>`;
  return htmlPage({
    language: reader.language,
    title: `${page.title} – ${space.name ?? space.domain}`,
    className: 'panel',
    prefix,
    timeZone: reader.timeZone,
    reloads: page.reloads,
    scripts: [liveScript, copyScript, sessionScript, ...(page.scripts ?? [])],
    body,
  });
}

/** Returns the warning that the page's script shows before the session ends. It does not change forms. */
function sessionWarning({ t }: Reader, { session }: Caller): string {
  if (session === undefined) return '';
  const ends = new Date(session.createdAt + maxLifetimeMs).toISOString();
  return html`<p class="banner warn" role="status" data-session-ends="${ends}" data-session-idle="${idleLimitMs}" hidden>!${shape('unusual')}<span>${t('session.ends')}</span></p>`;
}

/** Adds the space in view to the path of a page. */
type KeepSpace = (path: string) => string;

type Entry = readonly [path: string, key: MessageKey];

const administration: readonly Entry[] = [
  ['/admin', 'nav.overview'],
  ['/admin/accounts', 'nav.accounts'],
  ['/admin/import', 'nav.import'],
  ['/admin/invitations', 'nav.invitations'],
  ['/admin/sheet', 'nav.sheet'],
];

function links({ t, prefix }: Reader, place: string, entries: readonly Entry[], keeping: KeepSpace): string {
  const lines = entries.map(
    ([path, key]) =>
      html`<li><a href="${prefix}${keeping(path)}"!${path === place ? ' aria-current="page"' : ''}>${t(key)}</a></li>`,
  );
  return html`<ul>!${lines}</ul>`;
}

function back({ prefix }: Reader, { back }: ShellPage, keeping: KeepSpace): string {
  if (back === undefined) return '';
  return html`<p class="small back"><a href="${prefix}${keeping(back.path)}">${back.name}</a></p>`;
}
