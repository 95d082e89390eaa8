/** How a phone asks again: with a key of its own, or else at an address of its own. */
export interface DeviceAddress {
  readonly publicId?: string;
  /** Only in the document that hands it over. */
  readonly key?: string;
}
