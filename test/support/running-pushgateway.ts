import {
  startPushgateway,
  type Pushgateway,
  type PushgatewayOptions,
} from '../../src/pushgateway/pushgateway.ts';
import { createSilentLog } from './silent-log.ts';
import { createTempFolder } from './temp-folder.ts';

export const GENEROUS_LIMITS = {
  groups: 20_000,
  series: 200_000,
  clients: 1000,
  checks: 10_000,
  checksPerClient: 500,
};

export interface RunningPushgateway {
  readonly url: string;
  readonly gateway: Pushgateway;
  /** The folder of its storage. */
  readonly storage: string;
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** A gateway within the test's own process, on a free port, with a storage of its own. */
export async function runPushgateway(options: Partial<PushgatewayOptions> = {}): Promise<RunningPushgateway> {
  const folder = createTempFolder();
  const gateway = await startPushgateway({
    listenAddresses: ['127.0.0.1:0'],
    webConfigFile: undefined,
    telemetryPath: '/metrics',
    routePrefix: '',
    isLifecycleEnabled: false,
    isAdminEnabled: false,
    nameRule: 'legacy',
    storage: { path: folder.path, sync: true },
    limits: GENEROUS_LIMITS,
    charsets: ['utf-8'],
    outputLimit: 256 * 1024,
    forgetGroupsAfter: undefined,
    flags: {},
    log: createSilentLog(),
    ...options,
  });
  return {
    url: gateway.urls[0] ?? '',
    gateway,
    storage: options.storage?.path ?? folder.path,
    stop: async () => {
      await gateway.stop();
      folder.remove();
    },
  };
}
