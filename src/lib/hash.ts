import { hash } from 'node:crypto';

/** Returns the form in which tokens and keys are stored. They are random, so they need no salt and no slow hash. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
