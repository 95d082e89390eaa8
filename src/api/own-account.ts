import { changeOwnPassword as changePassword, passwordChangeShape } from '../access/change-password.ts';
import { fetchOwnKey as fetchKey } from '../access/manage-api-keys.ts';
import { deleteAccount } from '../administration/delete-account.ts';
import { oneself } from '../events/actor.ts';
import { endpoint } from '../http/route.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { accountAnswer, accountJson } from '../views/account.ts';
import { sendKey } from './send-key.ts';

export const showOwnAccount = endpoint({
  summary: "Get the caller's own account",
  answer: accountAnswer,
  handle: ({ caller }) => accountJson(caller),
});

export const deleteOwnAccount = endpoint({
  summary: "Delete the caller's own account",
  handle: ({ app, caller: { account } }) => deleteAccount(app, oneself(account), account),
});

export const changeOwnPassword = endpoint({
  summary: "Change the caller's own password",
  body: passwordChangeShape,
  answer: accountAnswer,
  handle: async ({ app, caller, body }) =>
    accountJson({ account: await changePassword(app, caller, body), space: caller.space }),
});

export const provisionOwnAccount = endpoint({
  changes: true,
  summary: "Issue a provisioning token for the caller's own account; revokes the older ones",
  answer: accountAnswer,
  handle: async ({ app, caller }) => accountJson(caller, await issueToken(app, oneself(caller.account), caller)),
});

export const fetchOwnKey = endpoint({
  changes: true,
  summary:
    "Get an API key with a user's rights, as plain text and as a cookie; it expires after 60 minutes without use",
  async handle({ app, caller, request, reply }) {
    const { secret } = await fetchKey(app, caller, request.sender.address);
    return sendKey(app, reply, secret);
  },
});
