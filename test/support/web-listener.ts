import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterEach } from '@jest/globals';
import { listen, type Listener } from '../../src/platform/web/listener.ts';
import { createRecordedLog } from './recorded-log.ts';
import { createTempFolder, type TempFolder } from './temp-folder.ts';

export type Options = Partial<Omit<Parameters<typeof listen>[0], 'log'>>;

export interface TestListener extends Listener {
  /** Replaces the web config file. */
  readonly configure: (webConfig: unknown) => void;
  /** Writes a file beside the web config file. */
  readonly write: (name: string, content: string) => string;
  /** What it has logged so far. */
  readonly log: () => string;
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A listener that answers `hello`, looks at its files every 20 ms, and is closed after the test. */
export async function startListener(
  webConfig: unknown,
  files: Readonly<Record<string, string>> = {},
  options: Options = {},
): Promise<TestListener> {
  const folder = createFolder();
  const configure = (config: unknown): string =>
    folder.write('web.yml', typeof config === 'string' ? config : JSON.stringify(config));
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  const webConfigFile = configure(webConfig);

  const { log, text: logged } = createRecordedLog({ format: 'json' });
  const listener = await listen({
    listenAddress: '127.0.0.1:0',
    handler: (_, response) => response.end('hello'),
    webConfigFile,
    log,
    ...options,
    times: { look: 20, drain: 200, ...options.times },
  });
  cleanups.push(() => listener.close());
  return {
    url: listener.url,
    close: () => listener.close(),
    get connections() {
      return listener.connections;
    },
    configure,
    write: folder.write,
    log: logged,
  };
}

/** A folder that is removed after the test. */
export function createFolder(): TempFolder {
  const folder = createTempFolder();
  cleanups.push(folder.remove);
  return folder;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request on a connection of its own. */
export async function ask(url: string, options: RequestOptions = {}): Promise<Answer> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  const sent = request(url, { agent: false, ...options }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}
