/** Parsed JSON without a declared type. Tests read answers as other programs do, and a missing field fails there. */
export type Json = ReturnType<typeof JSON.parse>;
