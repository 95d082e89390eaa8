import type { Hooks } from 'ringup/hooks';

const service = process.env.VOICEMAIL_SERVICE ?? 'https://directory.example.com/voicemail/';

/**
 * Asks an HTTP service for the address of the account's voicemail box. If the service is down, the
 * phone gets an error and can try again with the same code. To continue without voicemail instead, catch the error.
 */
export default {
  async proxy(section, { account, external, signal }) {
    if (external) return;
    const response = await fetch(new URL(encodeURIComponent(account.username), service), { signal });
    if (response.status === 404) return;
    if (!response.ok) throw new Error(`The voicemail service answered ${response.status}.`);
    const address = await response.text();
    if (!/^sip:[\w.+-]+@[\w.-]+$/.test(address)) throw new Error('The voicemail service answered no SIP address.');
    section.set('voicemail_uri', address);
  },
} satisfies Hooks;
