/** How a phone fetches its document again: at its own address, with its own key if it can store one. */
export interface DeviceAddress {
  readonly publicId: string;
  /** Only set for the document that delivers it. */
  readonly key?: string;
}
