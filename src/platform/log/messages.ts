/** The lines that several parts log alike, and that docs/operations.md explains. */
export const PLATFORM_LOG = {
  upgradeNode: 'Node.js should be upgraded',
  configurationLoaded: 'configuration loaded',
  configurationNotReloaded: 'configuration not reloaded; the old one stays in force',
  discoveryFails: 'cannot find Alertmanagers in DNS, the last known ones stay',
  credentialsUnreadable: 'cannot read a file with credentials; the last good one stays in use',
  webConfigUnusable: 'web config cannot be used, the last good one stays in force',
  requestFailed: 'request failed',
  unreadableRequest: 'refused a request that could not be read',
  tooManyConnections: 'too many connections: the longest idle ones were closed',
  droppedLines: 'dropped lines of the log: nobody read them',
  stopping: 'stopping',
} as const;
