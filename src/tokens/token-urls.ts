import { publicUrlOf, type Space } from '../spaces/space.ts';

/** Returns the URL that phones fetch, with the space's own host if it has one. */
export function provisioningUrl(
  space: Space,
  instanceUrl: string,
  token: string,
  options: { readonly resetPassword?: boolean } = {},
): string {
  return `${publicUrlOf(space, instanceUrl)}/provisioning/${token}${options.resetPassword === true ? '?reset_password' : ''}`;
}

/** Returns the URL of the page that signs in to the panel with a `login` token. */
export function loginUrl(space: Space, instanceUrl: string, token: string): string {
  return `${publicUrlOf(space, instanceUrl)}/login/link/${token}`;
}

/** Returns the URL of the page that sets a new password with a `password-reset` token. */
export function passwordResetUrl(space: Space, instanceUrl: string, token: string): string {
  return `${publicUrlOf(space, instanceUrl)}/login/reset/${token}`;
}

/** Returns the URL of the page that creates the first administrator with a `setup` token. */
export function setupUrl(instanceUrl: string, token: string): string {
  return `${instanceUrl}/setup/${token}`;
}
