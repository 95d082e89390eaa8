import { selfOf } from '../access/caller.ts';
import { fetchOwnKey as fetchKey } from '../access/manage-api-keys.ts';
import { changeOwnPassword as changePassword, passwordChangeShape } from '../administration/change-own-password.ts';
import { deleteAccount } from '../administration/delete-account.ts';
import { endpoint } from '../http/route.ts';
import { renewSessionCookie } from '../http/session-cookie.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { accountAnswer, ownAccountJson, ownAccountJsonWith } from '../views/account.ts';
import { newPasswordAnswer, newPasswordJson } from '../views/new-password.ts';
import { sendKey } from './send-key.ts';

const endsSignIns =
  'Ends the keys that the user fetched, except the one that makes this call. Named keys and device keys stay valid; `devices` lists the devices that fetch the new password, and `revoke_devices` revokes all devices instead. A session of the panel goes on with the cookie that the answer sets; the others end.';

export const showOwnAccount = endpoint({
  summary: "Get the caller's own account",
  answer: accountAnswer,
  handle: ({ caller }) => ownAccountJson(caller),
});

export const deleteOwnAccount = endpoint({
  summary: "Delete the caller's own account",
  conflicts: true,
  handle({ app, caller }) {
    return deleteAccount(app, selfOf(caller), caller.account);
  },
});

export const changeOwnPassword = endpoint({
  summary: "Change the caller's own password",
  body: passwordChangeShape,
  description: endsSignIns,
  answer: newPasswordAnswer,
  async handle({ app, caller, body, request, reply }) {
    const wish = { caller, fields: body, address: request.sender.address };
    const { account, devices, session } = await changePassword(app, wish);
    if (session !== undefined) renewSessionCookie(app, reply, session);
    return newPasswordJson(ownAccountJson({ account, space: caller.space }), devices);
  },
});

export const provisionOwnAccount = endpoint({
  changes: true,
  summary: "Issue a provisioning token for the caller's own account; revokes the older ones",
  answer: accountAnswer,
  async handle({ app, caller }) {
    return ownAccountJsonWith(await issueToken(app, selfOf(caller), caller), app.publicUrl, caller);
  },
});

export const fetchOwnKey = endpoint({
  changes: true,
  summary:
    "Get an API key with a user's rights, as plain text and as a cookie; it expires after 60 minutes without use",
  produces: ['text/plain'],
  async handle({ app, caller, request, reply }) {
    const { secret } = await fetchKey(app, caller, request.sender.address);
    return sendKey(app, reply, secret);
  },
});
