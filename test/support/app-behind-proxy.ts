import type { Environment } from '../../src/config/load-config.ts';
import { openTestApp, type TestApp } from './app.ts';
import { startPostgres } from './postgres.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

export interface AppBehindProxy {
  readonly t: TestApp;
  readonly proxy: TcpProxy;
  stop(): Promise<void>;
}

/**
 * Opens an app with the server's own limits that reaches its PostgreSQL database through a proxy. No job runs, because
 * the proxy counts and cuts off everybody's statements.
 */
export async function openAppBehindProxy(environment: Environment = {}): Promise<AppBehindProxy> {
  const postgres = await startPostgres();
  const url = await postgres.createDatabase();
  const proxy = await startTcpProxy(url);
  const t = await openTestApp(proxy.urlOf(url), environment, { limits: {}, runsJobs: false });
  return {
    t,
    proxy,
    async stop() {
      await t.close();
      await proxy.stop();
      await postgres.stop();
    },
  };
}
