import type { Hooks } from 'ringup/hooks';

/** Gives the company's address book to its staff: a section of its own, for some accounts only. */
export default {
  document(document, { account }) {
    if (account?.email?.endsWith('@staff.example.com') !== true) return;
    const directory = document.section('remote_contact_directory_0');
    directory.set('enabled', '1');
    directory.set('type', 'carddav');
    directory.set('uri', 'https://contacts.example.com/dav/addressbooks/staff/');
    // The user may have chosen another number of letters: theirs stays.
    directory.set('min_characters', '3', { overwrite: false });
  },
} satisfies Hooks;
