/**
 * What a request for a configuration was answered with: the account (which uses up the code, if there was one), the settings
 * without an account, the same because no phone asks like that, a page, or the last document of a revoked device.
 */
export type AnsweredWith = 'account' | 'base' | 'base-for-no-phone' | 'landing-page' | 'preview' | 'ending';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set where it is decided; undefined on other routes, and where the request was refused. */
    answeredWith: AnsweredWith | undefined;
  }
}
