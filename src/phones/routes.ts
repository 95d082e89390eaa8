import { get, head, type Route, tagged } from '../http/route.ts';
import { headOfBaseDocument, showBaseDocument } from './base-document.ts';
import { showContact, showContacts } from './contacts.ts';
import { headOfOwnDocument, showOwnDocument } from './own-document.ts';
import { showQrCode } from './qr-code.ts';
import { tokenEndpoints } from './token.ts';
import type { CodePages } from './turn-away.ts';

export function phoneRoutes(pages: CodePages): Route[] {
  const token = tokenEndpoints(pages);
  return [
    ...tagged('Provisioning', [
      get('/provisioning', 'anyone', showBaseDocument),
      head('/provisioning', 'anyone', headOfBaseDocument),
      get('/provisioning/:token', 'anyone', token.redeem),
      head('/provisioning/:token', 'anyone', token.head),
      get('/provisioning/qrcode/:token', 'anyone', showQrCode),
      get('/provisioning/me', 'user', showOwnDocument),
      head('/provisioning/me', 'user', headOfOwnDocument),
      get('/provisioning/auth_token/:authToken', 'anyone', token.redeemAuth),
      head('/provisioning/auth_token/:authToken', 'anyone', token.headAuth),
    ]),
    ...tagged('Contacts', [
      get('/contacts/vcard', 'user', showContacts),
      get('/contacts/vcard/:sip', 'user', showContact),
    ]),
  ];
}
