import { managedAccount } from '../../access/managed-account.ts';
import { liveEndpoint, openLiveEndpoint } from '../../http/live-endpoint.ts';
import { watchCode, watchNewestCode } from '../../provisioning/watch-code.ts';

export const watchAccountCode = liveEndpoint({
  params: ['id'],
  summary: 'Follow the newest code of an account on its way to a phone',
  async watch({ app, caller, params }) {
    const { account } = await managedAccount(app, caller, params.id);
    return (signal) => watchNewestCode(app, account.id, signal);
  },
});

export const watchMine = liveEndpoint({
  summary: "Follow the newest code of the reader's own account on its way to a phone",
  watch:
    ({ app, caller }) =>
    (signal) =>
      watchNewestCode(app, caller.account.id, signal),
});

/** For everybody who has the token. They see what happened to the code, but nothing about the account. */
export const watchToken = openLiveEndpoint({
  params: ['token'],
  summary: 'Follow a code on its way to a phone',
  watch:
    ({ app, params }) =>
    (signal) =>
      watchCode(app, params.token, signal),
});
