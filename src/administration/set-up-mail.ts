import { actorOf, type Caller, selfOf } from '../access/caller.ts';
import { askAboutAccount, askAboutSpace } from '../access/password-question.ts';
import { checkAccountFields } from '../accounts/account-fields.ts';
import { complaintsOf, invalidFields } from '../errors.ts';
import { change } from '../events/change.ts';
import { changeSpaces, getSpace, type SpaceContext } from '../spaces/change-spaces.ts';
import { asMeant, checkSpaceFields, type SpaceChanges } from '../spaces/space-fields.ts';
import type { Transaction } from '../storage/tables.ts';
import { updateAccountIn } from './update-account.ts';
import { updateSpaceIn } from './update-space.ts';

export interface MailSetup {
  /** The changes of the first space; undefined changes nothing. */
  readonly server: SpaceChanges | undefined;
  /** The new mail address of the caller; undefined keeps it. */
  readonly email: string | undefined;
}

/** Sets the mail server of the first space and the caller's own address, in one transaction. */
export async function setUpMail(
  context: SpaceContext,
  caller: Caller,
  { server: given, email }: MailSetup,
): Promise<void> {
  const { account, space } = caller;
  const own = email === undefined || email === account.email ? undefined : { email };
  const server = given === undefined ? undefined : asMeant(given);
  const self = { actor: selfOf(caller), at: context.now() };
  const { first } = context.spaces;
  askAboutSpace(self, first, server ?? {});
  askAboutAccount(self, account, own ?? {});
  const checking = own === undefined ? undefined : checkAccountFields(own, space, { before: account });
  const [ofServer, ofSelf] = await Promise.all([
    complaintsOf(() => checkSpaceFields(server ?? {})),
    complaintsOf(() => checking),
  ]);
  const complaints = { ...ofServer, ...ofSelf };
  if (Object.keys(complaints).length > 0) throw invalidFields(complaints);
  const fields = await checking;
  const setOwn = async (tx: Transaction, at: number) => {
    if (fields === undefined) return;
    await updateAccountIn(tx, { actor: self.actor, at }, account, { fields, revokeDevices: false });
  };
  const { domain } = first;
  if (server === undefined) return change(context, self.actor, (tx, { at }) => setOwn(tx, at));
  await changeSpaces(context, actorOf(caller), { domain }, async (tx, by) => {
    await updateSpaceIn(tx, by, await getSpace(tx, domain), server);
    await setOwn(tx, by.at);
  });
}
