import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { maxBodyBytes } from '../../src/http/request-size.ts';
import { facesOf, routesOf } from '../../src/server.ts';
import { root } from './pages.ts';

const read = (path: string): string => readFileSync(new URL(path, root), 'utf8').replaceAll(/\s+/g, ' ');
const inWords = (bytes: number): string =>
  bytes % 2 ** 20 === 0 ? `${bytes / 2 ** 20} MiB` : `${bytes / 2 ** 10} KiB`;

describe('docs/security.md', () => {
  const paragraph = /Of a request that needs no sign-in, Ringup reads[^*]*?linphonerc texts, [^-]*/.exec(
    read('docs/security.md'),
  )?.[0];

  test('names the routes with a body limit of their own', () => {
    const special: Record<string, string[]> = {};
    for (const { method, path, endpoint } of routesOf(facesOf(''))) {
      if (endpoint.maxBodyBytes === undefined) continue;
      const limit = inWords(endpoint.maxBodyBytes);
      special[limit] = [...(special[limit] ?? []), `${method} ${path}`].sort();
    }
    assert.deepEqual(special, {
      '16 KiB': ['POST /setup/:token'],
      '256 KiB': ['POST /admin/spaces/:domain/mail', 'POST /api/accounts', 'PUT /api/accounts/:id'],
      '20 MiB': ['POST /admin/import', 'POST /api/accounts/import'],
      '512 KiB': ['POST /admin/accounts/:id/settings', 'POST /admin/import/:id'],
      '4 MiB': ['POST /admin/spaces/:domain/linphonerc'],
      '8 MiB': ['POST /admin/spaces/:domain/settings'],
      '5 MiB': ['POST /api/spaces', 'PUT /api/spaces/:domain'],
    });
    for (const words of [
      '(16 KiB for the form of the first administrator)',
      '256 KiB (creating or changing an account)',
      '5 MiB (creating or changing a space)',
      '20 MiB (importing accounts)',
      '512 KiB (correcting its rows)',
      '8 MiB (the settings of a space)',
      '4 MiB (its linphonerc text)',
      '512 KiB (that of an account)',
      '256 KiB (the mails of a space)',
    ]) {
      assert.ok(paragraph?.includes(words), words);
    }
  });

  test('names the body limits of all other routes', () => {
    const { anyone, known } = maxBodyBytes;
    assert.ok(paragraph?.includes(`reads at most ${inWords(anyone)} of the body`));
    assert.ok(paragraph?.includes(`at most ${inWords(known)}, or,`));
  });
});

for (const path of ['docs/security.md', 'docs/proxies.md', 'CHANGELOG.md']) {
  test(`${path} says that caches may keep only style sheets, scripts and logos`, () => {
    const exceptions = read(path).matchAll(/`Cache-Control: no-store`[^.]*?except ([^.]*?)[.,] /g);
    assert.deepEqual(
      [...exceptions].map(([, words]) => words),
      ['style sheets and scripts under `/assets/` and pictures under `/logo/`'],
    );
  });
}
