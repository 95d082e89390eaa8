import { del, get, post, put, type Route, tagged } from '../http/route.ts';
import * as accounts from './accounts.ts';
import * as apiKeys from './api-keys.ts';
import * as authTokens from './auth-tokens.ts';
import * as lists from './contact-lists.ts';
import * as contacts from './contacts.ts';
import * as devices from './devices.ts';
import * as events from './events.ts';
import * as external from './external-accounts.ts';
import * as health from './health.ts';
import * as imports from './imports.ts';
import * as versions from './linphonerc-versions.ts';
import * as mails from './mails.ts';
import { showManagedConfiguration } from './managed-configuration.ts';
import { showOpenapi } from './openapi.ts';
import * as outside from './outside-contacts.ts';
import * as own from './own-account.ts';
import { previewAccount } from './preview.ts';
import * as spaces from './spaces.ts';
import * as tokens from './tokens.ts';
import { turnCredentials } from './turn.ts';

/** The paths of FlexiAPI and our own. The tags become the headings of the manual, in this order. */
export const apiRoutes: readonly Route[] = [
  ...tagged('Accounts', [
    post('/api/accounts', 'admin', accounts.createAccount),
    get('/api/accounts', 'admin', accounts.listAccounts),
    get('/api/accounts/:id', 'admin', accounts.showAccount),
    put('/api/accounts/:id', 'admin', accounts.changeAccount),
    del('/api/accounts/:id', 'admin', accounts.removeAccount),
    get('/api/accounts/:sip/search', 'admin', accounts.searchAccount),
    get('/api/accounts/:email/search-by-email', 'admin', accounts.searchAccountByEmail),
    post('/api/accounts/:id/activate', 'admin', accounts.stateChanges.activate),
    get('/api/accounts/:id/activate', 'admin', accounts.stateChangesByGet.activate),
    post('/api/accounts/:id/deactivate', 'admin', accounts.stateChanges.deactivate),
    get('/api/accounts/:id/deactivate', 'admin', accounts.stateChangesByGet.deactivate),
    post('/api/accounts/:id/block', 'admin', accounts.stateChanges.block),
    post('/api/accounts/:id/unblock', 'admin', accounts.stateChanges.unblock),
    get('/api/accounts/:id/preview', 'admin', previewAccount),
  ]),
  ...tagged('Imports', [
    post('/api/accounts/import', 'admin', imports.importAccounts),
    get('/api/imports/:id', 'admin', imports.showImport),
    get('/api/imports/:id/result', 'admin', imports.showResult),
  ]),
  ...tagged('Codes', [
    post('/api/accounts/:id/provision', 'admin', tokens.provisionAccount),
    get('/api/accounts/:id/provision', 'admin', tokens.provisionAccountByGet),
    get('/api/accounts/:id/tokens', 'admin', tokens.listTokens),
    put('/api/accounts/:id/tokens/:tokenId', 'admin', tokens.extendToken),
    del('/api/accounts/:id/tokens/:tokenId', 'admin', tokens.revokeToken),
    post('/api/accounts/:id/send_provisioning_email', 'admin', mails.sendProvisioningMail),
    post('/api/accounts/invitations', 'admin', mails.inviteAccounts),
  ]),
  ...tagged('Devices', [
    get('/api/accounts/:id/devices', 'admin', devices.listDevices),
    del('/api/accounts/:id/devices/:deviceId', 'admin', devices.revokeDevice),
  ]),
  ...tagged('API keys', [
    get('/api/accounts/:id/api_keys', 'admin', apiKeys.listApiKeys),
    post('/api/accounts/:id/api_keys', 'admin', apiKeys.createApiKey),
    del('/api/accounts/:id/api_keys/:keyId', 'admin', apiKeys.revokeApiKey),
  ]),
  ...tagged('External accounts', [
    get('/api/accounts/:id/external', 'admin', external.showExternalAccount),
    post('/api/accounts/:id/external', 'admin', external.setExternalAccount),
    del('/api/accounts/:id/external', 'admin', external.clearExternalAccount),
  ]),
  ...tagged('Contacts', [
    get('/api/accounts/:id/contacts', 'admin', contacts.listContacts),
    post('/api/accounts/:id/contacts/:contactId', 'admin', contacts.addContact),
    del('/api/accounts/:id/contacts/:contactId', 'admin', contacts.removeContact),
    get('/api/accounts/:id/contacts_lists', 'admin', lists.listAccountLists),
    post('/api/accounts/:id/contacts_lists/:listId', 'admin', lists.giveList),
    del('/api/accounts/:id/contacts_lists/:listId', 'admin', lists.takeList),
    get('/api/contacts_lists', 'admin', lists.listContactLists),
    post('/api/contacts_lists', 'admin', lists.createContactList),
    get('/api/contacts_lists/:listId', 'admin', lists.showContactList),
    put('/api/contacts_lists/:listId', 'admin', lists.changeContactList),
    del('/api/contacts_lists/:listId', 'admin', lists.deleteContactList),
    post('/api/contacts_lists/:listId/contacts/:contactId', 'admin', lists.addListMember),
    del('/api/contacts_lists/:listId/contacts/:contactId', 'admin', lists.removeListMember),
    get('/api/spaces/:domain/outside_contacts', 'admin', outside.listOutsideContacts),
    post('/api/spaces/:domain/outside_contacts', 'admin', outside.addOutsideContact),
    put('/api/spaces/:domain/outside_contacts/:contactId', 'admin', outside.changeOutsideContact),
    del('/api/spaces/:domain/outside_contacts/:contactId', 'admin', outside.removeOutsideContact),
  ]),
  ...tagged('Events', [
    get('/api/accounts/:id/events', 'admin', events.listAccountEvents),
    get('/api/events', 'admin', events.listEvents),
  ]),
  ...tagged('Own account', [
    get('/api/accounts/me', 'holder', own.showOwnAccount),
    del('/api/accounts/me', 'holder', own.deleteOwnAccount),
    post('/api/accounts/me/password', 'holder', own.changeOwnPassword),
    post('/api/accounts/me/provision', 'holder', own.provisionOwnAccount),
    get('/api/accounts/me/provision', 'holder', own.provisionOwnAccount),
    get('/api/accounts/me/api_key', 'holder', own.fetchOwnKey),
    get('/api/accounts/me/contacts', 'holder', contacts.listOwnContacts),
    get('/api/accounts/me/contacts/:sip', 'holder', contacts.showOwnContact),
    get('/api/accounts/me/devices', 'user', devices.listOwnDevices),
    del('/api/accounts/me/devices/:deviceId', 'user', devices.revokeOwnDevice),
    get('/api/accounts/me/services/turn', 'user', turnCredentials),
  ]),
  ...tagged('Auth tokens', [
    post('/api/accounts/auth_token', 'anyone', authTokens.issueAuthToken),
    get('/api/accounts/auth_token/:authToken/attach', 'user', authTokens.attachAuthToken),
    get('/api/accounts/me/api_key/:authToken', 'anyone', authTokens.redeemAuthTokenForKey),
  ]),
  ...tagged('Spaces', [
    get('/api/spaces', 'super-admin', spaces.listSpaces),
    post('/api/spaces', 'super-admin', spaces.createSpace),
    get('/api/spaces/:domain', 'super-admin', spaces.showSpace),
    put('/api/spaces/:domain', 'super-admin', spaces.changeSpace),
    del('/api/spaces/:domain', 'super-admin', spaces.deleteSpace),
    get('/api/spaces/:domain/linphonerc_versions', 'admin', versions.listLinphonercVersions),
    get('/api/spaces/:domain/linphonerc_versions/:versionId', 'admin', versions.showLinphonercVersion),
    get('/api/spaces/:domain/managed-configuration', 'admin', showManagedConfiguration),
  ]),
  ...tagged('Server', [
    get('/api/ping', 'anyone', health.ping),
    get('/api/openapi.json', 'anyone', showOpenapi),
    get('/health/live', 'anyone', health.live),
    get('/health/ready', 'anyone', health.ready),
  ]),
];
