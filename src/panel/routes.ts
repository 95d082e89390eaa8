import { get, post, type Route, tagged } from '../http/route.ts';
import { showAsset } from './assets.ts';
import { showAccount, submitAccount } from './pages/account.ts';
import { changeCode, showCode } from './pages/account-code.ts';
import { watchAccountCode, watchMine, watchToken } from './pages/account-code-live.ts';
import { changeContacts, showContacts } from './pages/account-contacts.ts';
import { changeDevices, showDevices } from './pages/account-devices.ts';
import { showBlocking, showDeletion, submitBlocking, submitDeletion } from './pages/account-ending.ts';
import { showTimeline } from './pages/account-events.ts';
import { changeExternal, showExternal } from './pages/account-external.ts';
import { showNewAccount, submitNewAccount } from './pages/account-new.ts';
import { showPreview } from './pages/account-preview.ts';
import { changeOwnSettings, showOwnSettings } from './pages/account-settings.ts';
import { showAccounts, submitAccounts } from './pages/accounts.ts';
import { showBlockingOfAll, submitBlockingOfAll } from './pages/accounts-block.ts';
import { exportList } from './pages/accounts-export.ts';
import { showApiManual } from './pages/api-manual.ts';
import { showContactList, submitContactList } from './pages/contact-list.ts';
import { showListDeletion, submitListDeletion } from './pages/contact-list-delete.ts';
import { showForgotten, submitForgotten } from './pages/forgotten.ts';
import { showHome } from './pages/home.ts';
import { showOneImport, submitOneImport, watchOneImport } from './pages/import.ts';
import { showImports, submitImport } from './pages/imports.ts';
import { followInvitations, showInvitations, submitInvitations } from './pages/invitations.ts';
import { showLoginLink, useLoginLink } from './pages/login-link.ts';
import { showLogo } from './pages/logo.ts';
import { showOverview, tickOffTask } from './pages/overview.ts';
import { changeMine, showMine } from './pages/own-account.ts';
import { showOwnContacts } from './pages/own-contacts.ts';
import { changeOwnPhones, showOwnPhones } from './pages/own-devices.ts';
import { changeMyPassword, showOwnPassword } from './pages/own-password.ts';
import { changeSessions, showSessions } from './pages/own-sessions.ts';
import { showProvisioningManual } from './pages/provisioning-manual.ts';
import { showReset, submitReset } from './pages/reset-password.ts';
import { showSetup, submitSetup } from './pages/setup.ts';
import { makeSheet, showSheet } from './pages/sheet.ts';
import { showSignIn, signIn, signOut } from './pages/sign-in.ts';
import { showSpace } from './pages/space.ts';
import { changeAdministrators, showAdministrators } from './pages/space-administrators.ts';
import { changeApiKeys, showApiKeys } from './pages/space-api-keys.ts';
import { showOutsideContact, submitOutsideContact } from './pages/space-contact.ts';
import { showSpaceContacts, submitSpaceContacts } from './pages/space-contacts.ts';
import { showSpaceDeletion, submitSpaceDeletion } from './pages/space-delete.ts';
import { showSpaceDomain, submitSpaceDomain } from './pages/space-domain.ts';
import { showSpaceEvents } from './pages/space-events.ts';
import { showSpaceLinphonerc, submitSpaceLinphonerc } from './pages/space-linphonerc.ts';
import {
  restoreLinphonercVersion,
  showLinphonercVersionPage,
  showLinphonercVersions,
} from './pages/space-linphonerc-versions.ts';
import { showSpaceMail, submitSpaceMail } from './pages/space-mail.ts';
import { showManagedDevices } from './pages/space-managed.ts';
import { showNewSpace, submitNewSpace } from './pages/space-new.ts';
import { showSpaceSettings, submitSpaceSettings } from './pages/space-settings.ts';
import { showSpaces } from './pages/spaces.ts';
import { showWelcome, submitWelcome } from './pages/welcome.ts';

export const panelRoutes: readonly Route[] = tagged('Pages', [
  get('/', 'anyone', showHome),
  get('/api', 'anyone', showApiManual),
  get('/provisioning/documentation', 'anyone', showProvisioningManual),
  get('/setup/:token', 'anyone', showSetup),
  post('/setup/:token', 'anyone', submitSetup),
  get('/login', 'anyone', showSignIn),
  post('/login', 'anyone', signIn),
  get('/login/link/:token', 'anyone', showLoginLink),
  post('/login/link/:token', 'anyone', useLoginLink),
  post('/logout', 'holder', signOut),
  get('/login/forgotten', 'anyone', showForgotten),
  post('/login/forgotten', 'anyone', submitForgotten),
  get('/login/reset/:token', 'anyone', showReset),
  post('/login/reset/:token', 'anyone', submitReset),
  get('/admin', 'admin', showOverview),
  post('/admin', 'super-admin', tickOffTask),
  get('/admin/welcome', 'super-admin', showWelcome),
  post('/admin/welcome', 'super-admin', submitWelcome),
  get('/admin/accounts', 'admin', showAccounts),
  post('/admin/accounts', 'admin', submitAccounts),
  get('/admin/accounts/block', 'admin', showBlockingOfAll),
  post('/admin/accounts/block', 'admin', submitBlockingOfAll),
  get('/admin/accounts/export', 'admin', exportList),
  get('/admin/accounts/new', 'admin', showNewAccount),
  post('/admin/accounts/new', 'admin', submitNewAccount),
  get('/admin/accounts/:id', 'admin', showAccount),
  post('/admin/accounts/:id', 'admin', submitAccount),
  get('/admin/accounts/:id/provisioning', 'admin', showCode),
  post('/admin/accounts/:id/provisioning', 'admin', changeCode),
  get('/admin/accounts/:id/devices', 'admin', showDevices),
  post('/admin/accounts/:id/devices', 'admin', changeDevices),
  get('/admin/accounts/:id/external', 'admin', showExternal),
  post('/admin/accounts/:id/external', 'admin', changeExternal),
  get('/admin/accounts/:id/contacts', 'admin', showContacts),
  post('/admin/accounts/:id/contacts', 'admin', changeContacts),
  get('/admin/accounts/:id/settings', 'admin', showOwnSettings),
  post('/admin/accounts/:id/settings', 'admin', changeOwnSettings),
  get('/admin/accounts/:id/preview', 'admin', showPreview),
  get('/admin/accounts/:id/events', 'admin', showTimeline),
  get('/admin/accounts/:id/block', 'admin', showBlocking),
  post('/admin/accounts/:id/block', 'admin', submitBlocking),
  get('/admin/accounts/:id/delete', 'admin', showDeletion),
  post('/admin/accounts/:id/delete', 'admin', submitDeletion),
  get('/admin/accounts/:id/provisioning/live', 'admin', watchAccountCode),
  get('/account', 'holder', showMine),
  post('/account', 'holder', changeMine),
  get('/account/live', 'holder', watchMine),
  get('/account/devices', 'holder', showOwnPhones),
  post('/account/devices', 'holder', changeOwnPhones),
  get('/account/contacts', 'holder', showOwnContacts),
  get('/account/password', 'holder', showOwnPassword),
  post('/account/password', 'holder', changeMyPassword),
  get('/account/sessions', 'holder', showSessions),
  post('/account/sessions', 'holder', changeSessions),
  get('/provisioning/:token/live', 'anyone', watchToken),
  get('/admin/sheet', 'admin', showSheet),
  post('/admin/sheet', 'admin', makeSheet),
  get('/admin/import', 'admin', showImports),
  post('/admin/import', 'admin', submitImport),
  get('/admin/import/:id', 'admin', showOneImport),
  post('/admin/import/:id', 'admin', submitOneImport),
  get('/admin/import/:id/live', 'admin', watchOneImport),
  get('/admin/invitations', 'admin', showInvitations),
  post('/admin/invitations', 'admin', submitInvitations),
  get('/admin/invitations/live', 'admin', followInvitations),
  get('/admin/spaces/:domain/mail', 'admin', showSpaceMail),
  post('/admin/spaces/:domain/mail', 'admin', submitSpaceMail),
  get('/admin/spaces', 'admin', showSpaces),
  get('/admin/spaces/new', 'super-admin', showNewSpace),
  post('/admin/spaces/new', 'super-admin', submitNewSpace),
  get('/admin/spaces/:domain', 'admin', showSpace),
  get('/admin/spaces/:domain/delete', 'super-admin', showSpaceDeletion),
  post('/admin/spaces/:domain/delete', 'super-admin', submitSpaceDeletion),
  get('/admin/spaces/:domain/domain', 'super-admin', showSpaceDomain),
  post('/admin/spaces/:domain/domain', 'super-admin', submitSpaceDomain),
  get('/admin/spaces/:domain/settings', 'admin', showSpaceSettings),
  post('/admin/spaces/:domain/settings', 'admin', submitSpaceSettings),
  get('/admin/spaces/:domain/linphonerc', 'admin', showSpaceLinphonerc),
  post('/admin/spaces/:domain/linphonerc', 'admin', submitSpaceLinphonerc),
  get('/admin/spaces/:domain/linphonerc/versions', 'admin', showLinphonercVersions),
  get('/admin/spaces/:domain/linphonerc/versions/:versionId', 'admin', showLinphonercVersionPage),
  post('/admin/spaces/:domain/linphonerc/versions/:versionId', 'admin', restoreLinphonercVersion),
  get('/admin/spaces/:domain/contacts', 'admin', showSpaceContacts),
  post('/admin/spaces/:domain/contacts', 'admin', submitSpaceContacts),
  get('/admin/spaces/:domain/contacts/:contactId', 'admin', showOutsideContact),
  post('/admin/spaces/:domain/contacts/:contactId', 'admin', submitOutsideContact),
  get('/admin/spaces/:domain/contacts/lists/:listId', 'admin', showContactList),
  post('/admin/spaces/:domain/contacts/lists/:listId', 'admin', submitContactList),
  get('/admin/spaces/:domain/contacts/lists/:listId/delete', 'admin', showListDeletion),
  post('/admin/spaces/:domain/contacts/lists/:listId/delete', 'admin', submitListDeletion),
  get('/admin/spaces/:domain/administrators', 'admin', showAdministrators),
  post('/admin/spaces/:domain/administrators', 'admin', changeAdministrators),
  get('/admin/spaces/:domain/api-keys', 'admin', showApiKeys),
  post('/admin/spaces/:domain/api-keys', 'admin', changeApiKeys),
  get('/admin/spaces/:domain/managed', 'admin', showManagedDevices),
  get('/admin/spaces/:domain/events', 'admin', showSpaceEvents),
  get('/assets/:name', 'anyone', showAsset),
  get('/logo/:hash', 'anyone', showLogo),
]);
