import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NodeAgent } from '../../../src/agent/node-agent.ts';
import { createLogger } from '../../../src/platform/log.ts';
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts';
import { freePort } from '../platform-http/stub-servers.ts';

describe('an agent whose runner cannot start', () => {
  let folder: TempFolder;

  beforeEach(() => {
    folder = createTempFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  it('says why and leaves nothing open', async () => {
    folder.write('conf.d/client.json', JSON.stringify({ client: { name: 'no good' } }));
    const logFile = `${folder.path}/sensu-client.log`;
    const listenAddress = `127.0.0.1:${await freePort()}`;
    const stderr = new PassThrough();
    const node = new NodeAgent({
      listenAddress,
      logFiles: [logFile],
      charsets: ['utf-8'],
      perfdata: false,
      checkCounters: false,
      configDirectories: [`${folder.path}/conf.d`],
      runner: { logFile, outputLimit: 1024, stdout: new PassThrough(), halt: new AbortController().signal },
      env: {},
      log: createLogger({ level: 'info', format: 'logfmt', stream: stderr }),
    });

    await expect(node.start()).rejects.toThrow('client name cannot contain spaces');

    expect(String(stderr.read())).toContain(`msg=listening url=http://${listenAddress}`);
    await expect(fetch(`http://${listenAddress}/-/healthy`)).rejects.toThrow('fetch failed');
  });
});
