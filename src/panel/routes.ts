import { get, post, type Route, tagged } from '../http/route.ts';
import { showAsset } from './assets.ts';
import { showApiManual } from './pages/api-manual.ts';
import { showHome } from './pages/home.ts';
import { showProvisioningManual } from './pages/provisioning-manual.ts';
import { showSetup, submitSetup } from './pages/setup.ts';

/** Pages for people. */
export const panelRoutes: readonly Route[] = tagged('Pages', [
  get('/', 'anyone', showHome),
  get('/api', 'anyone', showApiManual),
  get('/provisioning/documentation', 'anyone', showProvisioningManual),
  get('/setup/:token', 'anyone', showSetup),
  post('/setup/:token', 'anyone', submitSetup),
  get('/assets/:name', 'anyone', showAsset),
]);
