/** The part of the package `qrcode` that only computes: its main module would also load a PNG library and yargs. */
declare module 'qrcode/lib/core/qrcode.js' {
  interface ByteSegment {
    readonly mode: 'byte';
    readonly data: string;
  }
  /** Throws where `segments` do not fit into the largest code. */
  export function create(
    segments: readonly ByteSegment[],
    options: { readonly errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' },
  ): { readonly modules: { readonly size: number; readonly data: Uint8Array } };
}
