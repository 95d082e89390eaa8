import { Type } from 'typebox';
import { previewDocument, previewJson } from '../documents/preview-document.ts';
import { type Route, route } from '../http/route.ts';
import { findingShape } from '../views/finding.ts';
import { managedAccount } from './lookup.ts';

const query = Type.Object({
  token: Type.Optional(
    Type.String({ maxLength: 5, description: 'By its presence: as a token would be answered, not /provisioning/me.' }),
  ),
  query: Type.Optional(
    Type.String({ maxLength: 2_000, description: 'The query that the phone is asked to send, for hooks.' }),
  ),
});

const answer = Type.Object({
  sip_uri: Type.String(),
  sections: Type.Array(
    Type.Object({
      name: Type.String(),
      entries: Type.Array(
        Type.Object({
          name: Type.String(),
          value: Type.String({ description: 'Secrets are masked.' }),
          overwrite: Type.Boolean({ description: "false: seeded, the user's own value stays." }),
          layer: Type.Union([Type.String(), Type.Null()], { description: 'Where the entry comes from.' }),
          file: Type.Union([Type.String(), Type.Null()], { description: 'Which text that is, if it is one.' }),
          line: Type.Union([Type.Integer(), Type.Null()], { description: 'Its line there.' }),
        }),
      ),
    }),
  ),
  last_fetched_at: Type.Union([Type.String(), Type.Null()]),
  changes: Type.Array(
    Type.Object({
      section: Type.String(),
      name: Type.String(),
      before: Type.Union([Type.String(), Type.Null()]),
      after: Type.Union([Type.String(), Type.Null()]),
    }),
    { description: 'What is different from the document that a phone of the account last fetched.' },
  ),
  warnings: Type.Array(findingShape, { description: 'What the linter found in the document.' }),
});

export const previewRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/accounts/:id/preview',
    caller: 'admin',
    summary: 'The document that a phone of the account would get now, with the origin of each entry; uses nothing up',
    query,
    answer,
    async handle({ app, caller, params, query }) {
      const { account, space } = await managedAccount(app, caller, params.id);
      const options = { token: query.token !== undefined, query: query.query ?? '' };
      const preview = await previewDocument(app, space, account, options);
      return { sip_uri: `sip:${account.username}@${space.domain}`, ...previewJson(preview) };
    },
  }),
];
