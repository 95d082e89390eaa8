/** How a phone fetches its document again: with its own key, or else at its own address. */
export interface DeviceAddress {
  readonly publicId?: string;
  /** Only set for the document that delivers it. */
  readonly key?: string;
}
