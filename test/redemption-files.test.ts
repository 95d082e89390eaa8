import assert from 'node:assert/strict';
import { Session } from 'node:inspector/promises';
import { relative } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createAccount } from '../src/administration/create-account.ts';
import { type App, openApp } from '../src/app.ts';
import { loadSettings } from '../src/config/load-config.ts';
import { operator } from '../src/events/actor.ts';
import { createLogger } from '../src/lib/logger.ts';
import { buildServer } from '../src/server.ts';
import { environmentOf } from './support/cli.ts';
import { forEachDatabase } from './support/databases.ts';

/** As many as a reader can follow in one sitting. Merging files that have two subjects is no way to stay below it. */
const maxFiles = 16;
/** How Linphone asks from 5.3 on. */
const phone = { 'x-linphone-provisioning': '1', 'user-agent': 'LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74' };
const faces = ['cli', 'phones', 'api', 'panel'];
const domains = 'administration provisioning documents devices tokens contacts access accounts spaces'.split(' ');
const source = fileURLToPath(new URL('../src', import.meta.url));

/** The files of faces and domain folders, from `src`, in which a function runs during the work. */
async function filesRunBy(work: () => Promise<unknown>): Promise<string[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  await session.post('Profiler.takePreciseCoverage');
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  await session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
  return result
    .filter(({ functions }) => functions.some((each) => !isModule(each) && (each.ranges[0]?.count ?? 0) > 0))
    .flatMap(({ url }) => (url.startsWith('file:') ? [relative(source, fileURLToPath(url))] : []))
    .filter((path) => [...faces, ...domains].includes(path.split('/')[0] ?? ''))
    .sort();
}

/** The body of a module, which runs when it is loaded. */
function isModule({ functionName, ranges }: { functionName: string; ranges: { startOffset: number }[] }): boolean {
  return functionName === '' && ranges[0]?.startOffset === 0;
}

forEachDatabase('a redemption', (makeUrl) => {
  let app: App;
  before(async () => {
    const settings = loadSettings(environmentOf(await makeUrl()));
    // Without background work: only what the request needs is to run.
    app = await openApp(settings, { log: createLogger('silent', { write: () => {} }), migrates: true });
  });
  after(() => app.close());

  test(`runs through at most ${maxFiles} files of faces and domain folders in the barest case: no hooks, no external account, no earlier phone`, async ({
    mock,
  }) => {
    // What the first redemption leaves for later is not to run during the second one.
    mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    const server = await buildServer(app);
    const redeem = async (username: string) => {
      const fields = { username, password: 'secret' };
      const { issued } = await createAccount(app, operator, app.spaces.first, { fields });
      return async () => {
        const { body } = await server.inject({ url: `/provisioning/${issued.token}`, headers: phone });
        assert.match(body, /auth_info_0/);
      };
    };
    // The first one also makes what is kept for all that follow.
    await (await redeem('first'))();
    const files = await filesRunBy(await redeem('second'));
    mock.timers.reset();
    await server.close();
    assert.ok(files.includes('phones/token.ts') && files.includes('provisioning/redeem-token.ts'), files.join('\n'));
    assert.ok(files.length <= maxFiles, `${files.length} files:\n${files.join('\n')}`);
  });
});
