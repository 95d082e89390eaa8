import { Type } from 'typebox';
import { managedAccount } from '../access/managed-account.ts';
import { previewDocument } from '../documents/preview-document.ts';
import { endpoint } from '../http/route.ts';
import { sipUri } from '../sip/sip-uri.ts';
import { previewAnswer, previewJson } from '../views/preview.ts';

export const previewAccount = endpoint({
  params: ['id'],
  summary:
    'Show the document that a phone of the account would get now, with the origin of each entry; does not use up a token',
  query: Type.Object({
    token: Type.Optional(
      Type.String({
        maxLength: 5,
        description:
          'If present, such as `token=true`: the document that a token would fetch, instead of that of /provisioning/me.',
      }),
    ),
    query: Type.Optional(
      Type.String({
        maxLength: 2_000,
        'x-verbatim': true,
        description: 'The query of the request, for hooks that read it.',
      }),
    ),
  }),
  answer: Type.Object({ sip_uri: Type.String(), ...previewAnswer.properties }, { title: 'Preview' }),
  async handle({ app, caller, params, query }) {
    const { account, space } = await managedAccount(app, caller, params.id);
    const options = { token: query.token !== undefined, query: query.query ?? '' };
    const preview = await previewDocument(app, space, account, options);
    return { sip_uri: sipUri(account.username, space.domain), ...previewJson(preview) };
  },
});
