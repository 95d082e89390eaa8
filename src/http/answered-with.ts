/**
 * The answer to a request for a configuration: the account (which uses up the code, if there was one), the settings
 * without an account, the same because the request is not from a phone, a page, or a revoked device's last document.
 */
export type AnsweredWith = 'account' | 'base' | 'base-for-no-phone' | 'landing-page' | 'preview' | 'ending';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined on other routes, and if the request was refused. */
    answeredWith: AnsweredWith | undefined;
  }
}
