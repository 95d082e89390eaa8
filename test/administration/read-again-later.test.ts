import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { createSpace } from '../../src/administration/create-space.ts';
import { removeSpace } from '../../src/administration/remove-space.ts';
import { setPublicUrl, undoPublicUrl } from '../../src/administration/set-public-url.ts';
import { updateSpace } from '../../src/administration/update-space.ts';
import { AppError } from '../../src/errors.ts';
import { operator } from '../../src/events/actor.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase('a change after which the database does not answer', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl(), { RINGUP_PUBLIC_URL: '' }, { runsJobs: false });
  });
  after(() => t.close());

  const away = () => Promise.reject(new AppError('database-unavailable', { why: 'no-answer' }));
  /** Runs `change` while the spaces cannot be read again, then reads them as a job does. */
  const withoutReading = async <T>(change: () => Promise<T>): Promise<T> => {
    const refresh = mock.method(t.app.spaces, 'refresh', away);
    try {
      return await change();
    } finally {
      assert.equal(refresh.mock.callCount(), 1);
      refresh.mock.restore();
      await t.app.spaces.refresh();
    }
  };

  test('returns what became of a space, which is known once the spaces are read again', async () => {
    const made = await withoutReading(() => createSpace(t.app, operator, { domain: 'new.example.test' }));
    assert.deepEqual(t.app.spaces.getByDomain('new.example.test'), made);
    const fields = { language: 'fr' } as const;
    const { space } = await withoutReading(() => updateSpace(t.app, operator, 'new.example.test', fields));
    assert.equal(space.language, 'fr');
    assert.deepEqual(t.app.spaces.getByDomain('new.example.test'), space);
    await withoutReading(() => removeSpace(t.app, operator, 'new.example.test', { withAccounts: false }));
    assert.equal(t.app.spaces.findByDomain('new.example.test'), undefined);
    assert.match(t.logged(), /"msg":"the spaces could not be read again after a change; a job will read them"/);
  });

  test('says why a space was refused', async () => {
    await assert.rejects(
      withoutReading(() => createSpace(t.app, operator, { domain: 'sip.example.test' })),
      (error: AppError) => error.code === 'space-exists',
    );
  });

  test('sets the address for phones and undoes that', async () => {
    const { address } = t.app;
    const earlier = address.url;
    const refresh = mock.method(address, 'refresh');
    // It is read once before the change, and once after it.
    refresh.mock.mockImplementationOnce(away, 1);
    await setPublicUrl(t.app, operator, 'http://phones.example.test');
    refresh.mock.restore();
    await address.refresh();
    assert.equal(address.url, 'http://phones.example.test');
    const again = mock.method(address, 'refresh', away);
    await undoPublicUrl(t.app, operator, 'http://phones.example.test');
    again.mock.restore();
    await address.refresh();
    assert.equal(address.url, earlier);
  });
});
