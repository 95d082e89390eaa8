import { visibleText } from '../errors/quote-text.ts';

// A port is not a password, and neither is the address that follows a port in a list.
const password =
  /(?<![a-z0-9+.-])(?:sips?:|[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s:@/<>"]+:(?!\d+[,;])(?:(?!sips?:)[^\s@/?#<>"])+@/i;

/** Matches up to the last `@` between brackets and quotation marks. The lookbehind keeps the time linear. */
const untilAt = /(?<![^<>"])[^<>"]+@/g;
/** Matches more than `password`, because hiding too much does no harm. */
const anyPassword = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:(?:\/\/)?[^\s:@/<>"]{0,256}:)(?!\d*[/?#]).+@/is;

/** Returns whether an address in the value contains a password: `sip:bob:secret@sip.example.com`. */
export function hasAddressPassword(value: string): boolean {
  return password.test(value);
}

/** Returns the value, safe for a message and without passwords in its addresses: `sip:bob:…@sip.example.com`. */
export function visibleValue(value: string): string {
  return visibleText(value.replace(untilAt, (part) => part.replace(anyPassword, '$1…@')));
}
