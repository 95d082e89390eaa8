import { publicUrlOf, type Space } from '../spaces/space.ts';

/** Returns the address that a phone fetches, at the space's own host if it has one. */
export function provisioningUrl(
  space: Space,
  instanceUrl: string,
  token: string,
  options: { readonly resetPassword?: boolean } = {},
): string {
  return `${publicUrlOf(space, instanceUrl)}/provisioning/${token}${options.resetPassword === true ? '?reset_password' : ''}`;
}
