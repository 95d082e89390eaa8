import { Type } from 'typebox';
import { actorOf } from '../access/caller.ts';
import { managedAccount, managedAccounts, managedSpace } from '../access/managed-account.ts';
import { endpoint } from '../http/route.ts';
import { accountsMeant } from '../mail/accounts-to-invite.ts';
import { invite, inviteAll } from '../mail/invite.ts';
import { namedOrGroup, whomToInvite } from '../mail/whom-to-invite.ts';
import { invitedAnswer, invitedJson } from '../views/invited.ts';

export const sendProvisioningMail = endpoint({
  params: ['id'],
  summary: 'Mail the code of an account to its owner',
  description:
    'Mails the valid code, and extends it if it expires within a day. If there is none, issues one. ' +
    'Answers once the mail is queued. 403 without a mail address.',
  conflicts: true,
  async handle({ app, caller, params }) {
    await invite(app, actorOf(caller), await managedAccount(app, caller, params.id));
  },
});

const maxInvited = 1_000;

export const inviteAccounts = endpoint({
  status: 202,
  summary: 'Mail their codes to many accounts',
  description:
    'Either `accounts` or `filter`. Blocked accounts are left out; 409 if the only account named is blocked. ' +
    'A `filter` mails nobody twice, unless `invited` says so; `accounts` are mailed in any case.',
  conflicts: true,
  body: Type.Object(
    {
      accounts: Type.Optional(
        Type.Array(Type.Integer({ minimum: 1 }), { maxItems: maxInvited, description: 'The ids of the accounts.' }),
      ),
      filter: Type.Optional(
        Type.Enum(['waiting', 'all'], {
          description: '`waiting`: all accounts of the space in the states `waiting` and `never`.',
        }),
      ),
      invited: Type.Optional(
        Type.String({
          maxLength: 20,
          description:
            'With `filter`: `never` (default) mails only accounts that got no mail with a code yet and have none waiting; a ' +
            'duration such as `7d` mails only those whose last mail is at least that old; `everyone` mails all.',
        }),
      ),
      domain: Type.Optional(
        Type.String({ maxLength: 253, description: "With `filter`: the space; by default the caller's." }),
      ),
    },
    { additionalProperties: false, title: 'Invitations' },
  ),
  answer: invitedAnswer,
  async handle({ app, caller, body: { accounts, filter, invited, domain } }) {
    const meant = namedOrGroup(accounts, filter, { invited, domain });
    const whom = whomToInvite(meant.kind, invited);
    const groups = await accountsMeant(app, meant, {
      accounts: (ids) => managedAccounts(app, caller, ids.map(String)),
      space: () => managedSpace(app, caller, domain),
    });
    return invitedJson(await inviteAll(app, actorOf(caller), groups, whom));
  },
});
