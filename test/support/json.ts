/** Parsed JSON without a declared shape, because tests read answers as other programs do: a missing field fails there. */
export type Json = ReturnType<typeof JSON.parse>;
