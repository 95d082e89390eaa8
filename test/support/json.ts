/** Parsed JSON, as any reader gets it. A test names the fields that it expects, and fails if they are missing. */
// biome-ignore lint/suspicious/noExplicitAny: types for all answers would be a second copy of the schemas under test
export type Json = any;
