import { Type } from 'typebox';
import { managedSpaceAt } from '../access/managed-account.ts';
import { managedConfiguration, managedPlatforms } from '../documents/managed-configuration.ts';
import { endpoint } from '../http/route.ts';
import { send } from '../http/sent.ts';

export const showManagedConfiguration = endpoint({
  params: ['domain'],
  summary: "Get the managed configuration of Linphone for a company's phones",
  description:
    'For Android the JSON that Intune takes, for iOS a property list: `configUri` with the address of the base document, ' +
    'and `rootCa` if the space has a `root_ca`. 409 where `refetch` is `every-start`.',
  conflicts: true,
  query: Type.Object({ platform: Type.Enum(managedPlatforms) }),
  answer: Type.Object(
    {
      kind: Type.String(),
      productId: Type.String(),
      managedProperty: Type.Array(Type.Object({ key: Type.String(), valueString: Type.String() })),
    },
    { title: 'ManagedConfiguration' },
  ),
  produces: ['application/json', 'application/xml'],
  handle({ app, caller, params, query: { platform }, reply }) {
    const text = managedConfiguration(managedSpaceAt(app, caller, params.domain), app.publicUrl, platform);
    reply.header('content-type', platform === 'android' ? 'application/json' : 'application/xml');
    return send(reply, Buffer.from(text));
  },
});
