import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseDuration } from '../../src/lib/duration.ts';
import { turnUris } from '../../src/sip/turn-server.ts';
import { defaultSettings } from '../../src/spaces/setting-values.ts';
import { spaceWith } from '../../src/spaces/space.ts';
import { getTurnAccess } from '../../src/spaces/turn.ts';
import { root } from './pages.ts';

test('docs/turn.md shows the credentials that its example space would issue at that time', () => {
  const page = readFileSync(new URL('docs/turn.md', root), 'utf8');
  const find = (pattern: RegExp): string => pattern.exec(page)?.[1] ?? assert.fail(`${pattern} is not on the page`);
  const shown = JSON.parse(find(/```json\n(.*?)```/s));
  const space = spaceWith(
    {
      ...defaultSettings(find(/^\.\/ringup space set (\S+)/m)),
      turnServer: find(/turn_server=(\S+)/),
      turnSecret: find(/^static-auth-secret=(.+)$/m),
      turnLifetime: parseDuration(find(/turn_lifetime=(\S+)$/m)) ?? 0,
    },
    { id: 1, createdAt: 0, updatedAt: 0 },
  );
  const now = (Number.parseInt(shown.username, 10) - shown.ttl) * 1000;
  const { username, password, expiresAt, server } = getTurnAccess(space, 'alice', now);
  assert.deepEqual(shown, { username, password, ttl: (expiresAt - now) / 1000, uris: turnUris(server) });
});
