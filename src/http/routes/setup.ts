import { Type } from 'typebox';
import { AppError, type FieldErrors } from '../../errors.ts';
import { checkShape, hasShape } from '../../lib/check-shape.ts';
import {
  firstAdministratorDone,
  firstAdministratorForm,
  firstAdministratorGone,
} from '../../panel/pages/first-administrator.ts';
import { isSetupOpen, makeFirstAdministrator } from '../../provisioning/first-administrator.ts';
import { sendPage } from '../page.ts';
import { type Route, route } from '../route.ts';
import type { Sent } from '../sent.ts';

const form = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 128 }),
    password: Type.String({ minLength: 1, maxLength: 1000 }),
  },
  { additionalProperties: false },
);

export const setupRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/setup/:token',
    caller: 'anyone',
    summary: 'The form that makes the first administrator; uses nothing up',
    async handle({ app, params, reply }) {
      const open = await isSetupOpen(app, params.token);
      const { domain } = app.spaces.first;
      return sendPage(reply, open ? firstAdministratorForm({ domain }) : firstAdministratorGone);
    },
  }),
  route({
    method: 'POST',
    path: '/setup/:token',
    caller: 'anyone',
    summary: 'Make the first administrator; shows an API key once',
    async handle({ app, params, body, reply }) {
      const again = (mistakes: FieldErrors): Sent => {
        const username = hasShape(Type.Object({ username: Type.String() }), body) ? body.username : '';
        return sendPage(
          reply,
          firstAdministratorForm({ domain: app.spaces.first.domain, mistakes, values: { username } }),
        );
      };
      if (!hasShape(form, body)) return again(checkShape(form, body) ?? {});
      try {
        const { account, space, apiKey } = await makeFirstAdministrator(app, params.token, body);
        const { username } = account;
        return sendPage(
          reply,
          firstAdministratorDone({ username, domain: space.domain, apiKey, publicUrl: app.publicUrl }),
        );
      } catch (error) {
        if (error instanceof AppError && error.kind === 'not-found') return sendPage(reply, firstAdministratorGone);
        if (error instanceof AppError && error.fields !== undefined) return again(error.fields);
        throw error;
      }
    },
  }),
];
