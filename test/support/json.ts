/** Parsed JSON, as any reader gets it. A test names the fields that it expects, and fails if they are missing. */
export type Json = ReturnType<typeof JSON.parse>;
