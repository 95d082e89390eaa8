import { hash } from 'node:crypto';

/** How tokens and keys are stored. They are random, so no salt and no slow hash is needed. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
