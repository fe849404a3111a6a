import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Runner } from '../../src/runner/runner.ts';
import { createConfigurationLoader } from '../../src/sensu/configuration.ts';
import { createRecordedLog } from './recorded-log.ts';
import { createTempFolder, type TempFolder } from './temp-folder.ts';
import { waitFor } from './wait-for.ts';

export interface LoggedCheck {
  readonly name: string;
  readonly output: string;
  readonly status: number;
  readonly duration: number;
  readonly executed: number;
  readonly [key: string]: unknown;
}

interface LogLine {
  readonly timestamp: string;
  readonly level: string;
  readonly message: string;
  readonly payload?: { readonly client: string; readonly check: LoggedCheck };
  readonly check?: LoggedCheck;
}

export interface RunnerUnderTest {
  readonly directory: TempFolder;
  readonly runner: Runner;
  readonly logFile: string;
  /** Loads the configuration again. */
  reload(): Promise<void>;
  /** What the runner says on stderr. */
  messages(): string;
  lines(): Promise<LogLine[]>;
  /** The first result of a check, waiting for it. */
  result(check: string): Promise<LoggedCheck>;
  stop(): Promise<void>;
}

interface RunnerSetup {
  readonly checks?: Readonly<Record<string, object>>;
  readonly client?: object;
  readonly outputLimit?: number;
  readonly spawnLimit?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** In the directory, unless given. */
  readonly logFile?: string;
}

// Its own sockets stay closed unless a test opens them: the ports are the machine's.
const CLOSED = { socket: { enabled: false }, http_socket: { enabled: false } };

/** A runner on a configuration of its own, with its log in a file. Checks are standalone and due every second. */
export async function startRunner(setup: RunnerSetup = {}): Promise<RunnerUnderTest> {
  const directory = createTempFolder();
  directory.write('conf.d/checks.json', configurationText(setup));
  const logFile = setup.logFile ?? join(directory.path, 'sensu-client.log');
  const { log, text: messages } = createRecordedLog();
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', ...setup.env };
  const runner = new Runner({
    logFile,
    stdout: new PassThrough(),
    outputLimit: setup.outputLimit ?? 512 * 1024,
    halt: new AbortController().signal,
    env,
    logger: log,
  });
  const load = createConfigurationLoader({ directories: [join(directory.path, 'conf.d')], env });
  await runner.start(await load());
  const lines = async (): Promise<LogLine[]> =>
    (await readFile(logFile, 'utf8'))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  const find = async (check: string): Promise<LoggedCheck | undefined> =>
    (await lines()).find(({ payload }) => payload?.check.name === check)?.payload?.check;
  return {
    directory,
    runner,
    reload: async () => runner.reload(await load()),
    logFile,
    messages,
    lines,
    result: (check) => waitFor(`a result of ${check}`, () => find(check)),
    stop: async () => {
      await runner.stop();
      directory.remove();
    },
  };
}

export function configurationText({ checks = {}, client = {}, spawnLimit = 12 }: RunnerSetup): string {
  const common = { standalone: true, interval: 1 };
  const definitions = Object.entries(checks).map(([name, check]) => [name, { ...common, ...check }]);
  return JSON.stringify({
    client: { name: 'test-node', ...CLOSED, ...client },
    checks: Object.fromEntries(definitions) as object,
    sensu: { spawn: { limit: spawnLimit } },
  });
}
