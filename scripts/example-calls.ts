/** One example call. It may use values that earlier calls kept. */
export interface ExampleCall {
  /** Method and path, as the manual names the call. */
  readonly call: string;
  /** The address to request, if it differs from `call`. `{name}` stands for a kept value. */
  readonly url?: string;
  readonly body?: unknown;
  /** A CSV table that is sent as the body. */
  readonly table?: string;
  /** The API key to send: `admin`, or the name of a kept value. */
  readonly as?: string;
  /**
   * Values to keep from the answer, by name: a field (`a.b`), the first property name (`*`) or the whole text (empty).
   */
  readonly keeps?: Readonly<Record<string, string>>;
}

const alice = { username: 'alice', password: 'a good password', display_name: 'Alice', phone: '+33 6 01 02 03 04' };
const of = (call: string, url: string, more: Omit<ExampleCall, 'call' | 'url'> = {}): ExampleCall => ({
  call,
  url,
  as: 'admin',
  ...more,
});
const open = (call: string, url?: string, more: Omit<ExampleCall, 'call' | 'url'> = {}): ExampleCall => ({
  call,
  ...(url === undefined ? {} : { url }),
  ...more,
});
const own = (call: string, url?: string, more: Omit<ExampleCall, 'call' | 'url'> = {}): ExampleCall =>
  open(call, url, { as: 'user', ...more });

/**
 * Examples of all calls, in an order in which they can be made. If a call is there twice, the manual shows the first.
 */
export const exampleCalls: readonly ExampleCall[] = [
  of('POST /api/accounts', '/api/accounts', { body: alice, keeps: { id: 'id', code: 'provisioning_token' } }),
  open('GET /provisioning'),
  open('GET /provisioning/qrcode/{token}', '/provisioning/qrcode/{code}'),
  open('GET /provisioning/{token}', '/provisioning/{code}'),
  of('POST /api/accounts', '/api/accounts', {
    body: { username: 'bob', password: 'a good password' },
    keeps: { bob: 'id' },
  }),
  of('GET /api/accounts', '/api/accounts?search=alice'),
  of('GET /api/accounts/{id}', '/api/accounts/{id}'),
  of('PUT /api/accounts/{id}', '/api/accounts/{id}', { body: { email: 'alice@example.com' } }),
  of('GET /api/accounts/{sip}/search', '/api/accounts/alice@sip.example.com/search'),
  of('GET /api/accounts/{email}/search-by-email', '/api/accounts/alice@example.com/search-by-email'),
  of('POST /api/accounts/{id}/deactivate', '/api/accounts/{id}/deactivate'),
  of('POST /api/accounts/{id}/activate', '/api/accounts/{id}/activate'),
  of('POST /api/accounts/{id}/block', '/api/accounts/{bob}/block'),
  of('POST /api/accounts/{id}/unblock', '/api/accounts/{bob}/unblock'),
  of('GET /api/accounts/{id}/preview', '/api/accounts/{id}/preview'),
  of('POST /api/accounts/{id}/provision', '/api/accounts/{id}/provision'),
  of('GET /api/accounts/{id}/tokens', '/api/accounts/{id}/tokens', { keeps: { tokenId: '0.id' } }),
  of('PUT /api/accounts/{id}/tokens/{tokenId}', '/api/accounts/{id}/tokens/{tokenId}', { body: { lifetime: '2d' } }),
  of('DELETE /api/accounts/{id}/tokens/{tokenId}', '/api/accounts/{id}/tokens/{tokenId}'),
  of('GET /api/accounts/{id}/devices', '/api/accounts/{id}/devices', { keeps: { deviceId: '*' } }),
  of('POST /api/accounts/{id}/api_keys', '/api/accounts/{id}/api_keys', {
    body: { name: 'door' },
    keeps: { user: 'api_key', keyId: 'id' },
  }),
  of('GET /api/accounts/{id}/api_keys', '/api/accounts/{id}/api_keys'),
  of('POST /api/accounts/{id}/external', '/api/accounts/{id}/external', {
    body: { username: '33601020304', domain: 'provider.example', password: 'from the provider' },
  }),
  of('GET /api/accounts/{id}/external', '/api/accounts/{id}/external'),
  of('DELETE /api/accounts/{id}/external', '/api/accounts/{id}/external'),
  of('POST /api/accounts/{id}/contacts/{contactId}', '/api/accounts/{id}/contacts/{bob}'),
  of('GET /api/accounts/{id}/contacts', '/api/accounts/{id}/contacts'),
  open('GET /contacts/vcard', '/contacts/vcard', { as: 'user' }),
  open('GET /contacts/vcard/{sip}', '/contacts/vcard/bob@sip.example.com', { as: 'user' }),
  open('GET /provisioning/me', '/provisioning/me', { as: 'user' }),
  own('GET /api/accounts/me'),
  own('POST /api/accounts/me/password', undefined, {
    body: { old_password: 'a good password', password: 'a better password' },
  }),
  own('POST /api/accounts/me/provision'),
  own('GET /api/accounts/me/api_key'),
  own('GET /api/accounts/me/contacts'),
  own('GET /api/accounts/me/contacts/{sip}', '/api/accounts/me/contacts/bob@sip.example.com'),
  own('GET /api/accounts/me/devices'),
  of('PUT /api/spaces/{domain}', '/api/spaces/sip.example.com', {
    body: { name: 'Example', turn_server: 'turn.example.com', turn_secret: 'shared with coturn' },
  }),
  own('GET /api/accounts/me/services/turn'),
  open('POST /api/accounts/auth_token', undefined, { keeps: { auth: 'token' } }),
  own('GET /api/accounts/auth_token/{authToken}/attach', '/api/accounts/auth_token/{auth}/attach'),
  open('GET /api/accounts/me/api_key/{authToken}', '/api/accounts/me/api_key/{auth}'),
  open('POST /api/accounts/auth_token', undefined, { keeps: { auth: 'token' } }),
  own('GET /api/accounts/auth_token/{authToken}/attach', '/api/accounts/auth_token/{auth}/attach'),
  open('GET /provisioning/auth_token/{authToken}', '/provisioning/auth_token/{auth}'),
  of('GET /api/accounts/{id}/events', '/api/accounts/{id}/events?kind=fetched,delivered'),
  of('GET /api/events', '/api/events?kind=account-created,blocked'),
  own('DELETE /api/accounts/me/devices/{deviceId}', '/api/accounts/me/devices/{deviceId}'),
  of('DELETE /api/accounts/{id}/devices/{deviceId}', '/api/accounts/{id}/devices/{deviceId}'),
  of('DELETE /api/accounts/{id}/contacts/{contactId}', '/api/accounts/{id}/contacts/{bob}'),
  of('POST /api/contacts_lists', '/api/contacts_lists', {
    body: { title: 'Sales', description: 'Whom customers ask for' },
    keeps: { list: 'id' },
  }),
  of('GET /api/contacts_lists', '/api/contacts_lists'),
  of('PUT /api/contacts_lists/{listId}', '/api/contacts_lists/{list}', { body: { title: 'Sales and service' } }),
  of('POST /api/contacts_lists/{listId}/contacts/{contactId}', '/api/contacts_lists/{list}/contacts/{bob}'),
  of('GET /api/contacts_lists/{listId}', '/api/contacts_lists/{list}'),
  of('POST /api/accounts/{id}/contacts_lists/{listId}', '/api/accounts/{id}/contacts_lists/{list}'),
  of('GET /api/accounts/{id}/contacts_lists', '/api/accounts/{id}/contacts_lists'),
  of('DELETE /api/accounts/{id}/contacts_lists/{listId}', '/api/accounts/{id}/contacts_lists/{list}'),
  of('DELETE /api/contacts_lists/{listId}/contacts/{contactId}', '/api/contacts_lists/{list}/contacts/{bob}'),
  of('DELETE /api/contacts_lists/{listId}', '/api/contacts_lists/{list}'),
  of('POST /api/spaces/{domain}/outside_contacts', '/api/spaces/sip.example.com/outside_contacts', {
    body: { name: 'Taxi', phone: '+33 4 72 00 00 00', organization: 'Taxi Lyon' },
    keeps: { outside: 'id' },
  }),
  of('GET /api/spaces/{domain}/outside_contacts', '/api/spaces/sip.example.com/outside_contacts'),
  of(
    'PUT /api/spaces/{domain}/outside_contacts/{contactId}',
    '/api/spaces/sip.example.com/outside_contacts/{outside}',
    {
      body: { sip_uri: 'sip:taxi@example.com' },
    },
  ),
  of(
    'DELETE /api/spaces/{domain}/outside_contacts/{contactId}',
    '/api/spaces/sip.example.com/outside_contacts/{outside}',
  ),
  of('PUT /api/spaces/{domain}', '/api/spaces/sip.example.com', {
    body: { linphonerc: '[sip]\nmedia_encryption=srtp\n' },
  }),
  of('GET /api/spaces/{domain}/linphonerc_versions', '/api/spaces/sip.example.com/linphonerc_versions'),
  of('GET /api/spaces/{domain}/linphonerc_versions/{versionId}', '/api/spaces/sip.example.com/linphonerc_versions/1'),
  of(
    'GET /api/spaces/{domain}/managed-configuration',
    '/api/spaces/sip.example.com/managed-configuration?platform=android',
  ),
  of('PUT /api/spaces/{domain}', '/api/spaces/sip.example.com', {
    body: { smtp_url: 'smtp://mail.example.com:587', mail_from: 'Example <phones@example.com>' },
  }),
  of('POST /api/accounts/{id}/send_provisioning_email', '/api/accounts/{id}/send_provisioning_email'),
  of('POST /api/accounts/invitations', '/api/accounts/invitations', { body: { filter: 'all' } }),
  of('DELETE /api/accounts/{id}/api_keys/{keyId}', '/api/accounts/{id}/api_keys/{keyId}'),
  of('DELETE /api/accounts/{id}', '/api/accounts/{id}'),
  of('POST /api/accounts/{id}/api_keys', '/api/accounts/{bob}/api_keys', {
    body: { name: 'door' },
    keeps: { user: 'api_key' },
  }),
  own('DELETE /api/accounts/me'),
  of('POST /api/accounts/import', '/api/accounts/import?dry_run=true', {
    table: 'username,name,email,phone\ncarol,Carol C.,carol@example.com,+33 6 01 02 03 05\ndave,Dave D.,,201\n',
    keeps: { import: 'id' },
  }),
  of('GET /api/imports/{id}', '/api/imports/{import}'),
  of('GET /api/imports/{id}/result', '/api/imports/{import}/result'),
  of('POST /api/spaces', '/api/spaces', {
    body: { domain: 'two.example.com', registrar: 'sip:pbx.example.com;transport=tcp' },
  }),
  of('GET /api/spaces', '/api/spaces'),
  of('GET /api/spaces/{domain}', '/api/spaces/two.example.com'),
  of('DELETE /api/spaces/{domain}', '/api/spaces/two.example.com'),
  open('GET /api/ping'),
  open('GET /api/openapi.json'),
  open('GET /health/live'),
  open('GET /health/ready'),
];
