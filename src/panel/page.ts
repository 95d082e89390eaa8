/** A page as rendered: `status` is 200 unless said otherwise. */
export interface Page {
  readonly html: string;
  readonly status?: number;
}
