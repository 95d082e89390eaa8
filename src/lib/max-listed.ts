/** The maximum number of rows in a list without pages, so that a long list does not delay other requests. */
export const maxListed = 500;
