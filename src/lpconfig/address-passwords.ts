import { visibleText } from '../errors/quote-text.ts';

// A port is no password, and neither is the address that follows it in a list.
const password =
  /(?<![a-z0-9+.-])(?:sips?:|[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s:@/<>"]+:(?!\d+[,;])(?:(?!sips?:)[^\s@/?#<>"])+@/i;

/** Takes more for a password than `password`: what is hidden by mistake does no harm. */
const anyPassword =
  /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:(?:\/\/)?[^\s:@/<>"]{0,256}:)(?!\d*[/?#])[^<>"]{1,1024}@/gi;

/** Returns whether an address in the value has a password: `sip:bob:secret@sip.example.com`. */
export function hasAddressPassword(value: string): boolean {
  return password.test(value);
}

/** Returns the value, safe for a message and without passwords in its addresses: `sip:bob:…@sip.example.com`. */
export function visibleValue(value: string): string {
  return visibleText(value.replace(anyPassword, '$1…@'));
}
