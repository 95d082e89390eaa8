import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import type { AccountInSpace } from '../accounts/account.ts';
import type { App } from '../app.ts';
import type { Space } from '../spaces/space.ts';
import type { Reader } from './reader.ts';

/** A request for a page or from a form on it, with its caller. */
export interface Asked {
  readonly app: App;
  readonly caller: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The data that the markup of a page is made from. */
export interface View {
  readonly app: App;
  readonly caller: Caller;
  readonly reader: Reader;
}

/** The data that the markup of a page about a space is made from. */
export interface SpaceView extends View {
  readonly space: Space;
}

/** The data that the markup of a page about an account is made from. */
export interface AccountView extends View {
  readonly found: AccountInSpace;
}
