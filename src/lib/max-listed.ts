/** How many rows a list without pages has at most, so that one caller's long list does not delay other requests. */
export const maxListed = 500;
