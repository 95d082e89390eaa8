import { createRequire } from 'node:module';
import type Ipaddr from 'ipaddr.js';

const require = createRequire(import.meta.url);
let loaded: typeof Ipaddr | undefined;

/** Returns the library that reads IP addresses. The first call loads it, because most commands read none. */
export function ipaddr(): typeof Ipaddr {
  loaded ??= require('ipaddr.js') as typeof Ipaddr;
  return loaded;
}
