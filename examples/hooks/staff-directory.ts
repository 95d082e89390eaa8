import type { Hooks } from 'ringup/hooks';

/** Gives the company's address book, in a section of its own, only to accounts of its staff. */
export default {
  document(document, { account }) {
    if (account?.email?.endsWith('@staff.example.com') !== true) return;
    const directory = document.section('remote_contact_directory_0');
    directory.set('enabled', '1');
    directory.set('type', 'carddav');
    directory.set('uri', 'https://contacts.example.com/dav/addressbooks/staff/');
    // Seeded only: if the user has chosen another number of letters, that stays.
    directory.set('min_characters', '3', { overwrite: false });
  },
} satisfies Hooks;
