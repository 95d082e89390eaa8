/**
 * Parsed JSON, as any reader gets it. A test names the fields it expects, and fails where they are missing; types for all answers
 * would be a second copy of the schemas under test.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Json = any;
