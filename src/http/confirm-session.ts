import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Caller } from '../access/caller.ts';
import { confirmByPassword, needsPassword } from '../access/confirm-by-password.ts';
import type { App } from '../app.ts';
import { invalidFields } from '../errors.ts';
import { renewSessionCookie } from './session-cookie.ts';

/** The field of a form in which people give their password again. */
export const passwordAgain = 'current_password';

export const passwordAgainShape = Type.Optional(Type.String({ maxLength: 1000, 'x-verbatim': true }));

interface Confirming {
  readonly app: App;
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Lets a form do what needs the password again after ten minutes; docs/panel.md lists it. Throws a complaint about
 * `current_password` if it is needed and missing or wrong. Otherwise the browser gets the renewed cookie of its session.
 */
export async function confirmSession(
  { app, caller, request, reply }: Confirming,
  password: string | undefined,
): Promise<void> {
  if (!needsPassword(caller, app.now())) return;
  if (password === undefined || password === '') throw invalidFields({ [passwordAgain]: [{ code: 'required' }] });
  const { address } = request.sender;
  const secret = await confirmByPassword(app, caller, { password, address });
  if (secret === undefined) throw invalidFields({ [passwordAgain]: [{ code: 'wrong-password' }] });
  renewSessionCookie(app, reply, secret);
}
