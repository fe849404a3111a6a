import { errorCode } from '../platform/file/error-code.ts';
import { describeError, type Logger } from '../platform/log/log.ts';
import type { ClientDefinition } from '../sensu/client-definition.ts';
import type { JsonObject } from '../sensu/json.ts';
import { listenHttp } from './http-socket.ts';
import type { PushListener } from './push-listener.ts';
import type { ResultInput } from '../checks/pushed-result.ts';
import { listenTcp, listenUdp } from './result-socket.ts';

interface PushInputOptions {
  readonly client: ClientDefinition;
  readonly input: ResultInput;
  readonly settings: () => JsonObject;
  readonly logger: Logger;
}

export type PushInputs = Partial<Record<'tcp' | 'udp' | 'http', PushListener>>;

/** Opens the sockets where programs push results. One that cannot be opened is a warning: the checks run without it. */
export async function openPushInputs({
  client,
  input,
  settings,
  logger,
}: PushInputOptions): Promise<PushInputs> {
  const inputs: PushInputs = {};
  const attempt = async (
    kind: keyof PushInputs,
    address: string,
    listen: () => Promise<PushListener>,
  ): Promise<void> => {
    try {
      inputs[kind] = await listen();
    } catch (error) {
      logger.warn(
        { address, err: reasonOf(error) },
        `cannot listen for pushed results over ${kind}; going on without`,
      );
    }
  };
  const { socket, httpSocket } = client;
  if (socket !== undefined) {
    const address = `${socket.bind}:${socket.port}`;
    await attempt('tcp', address, () => listenTcp(socket, input));
    await attempt('udp', address, () => listenUdp(socket, input));
  }
  if (httpSocket !== undefined) {
    const address = `${httpSocket.bind}:${httpSocket.port}`;
    await attempt('http', address, () => listenHttp({ address: httpSocket, input, settings }));
  }
  return inputs;
}

// Only the one client of a node has these ports: whoever forgets to stop it sees nothing else of it.
function reasonOf(error: unknown): string {
  const inUse = errorCode(error) === 'EADDRINUSE';
  const hint = inUse ? ' (is sensu-client or another runner still running? Then every check runs twice)' : '';
  return `${describeError(error)}${hint}`;
}

export async function closePushInputs(inputs: PushInputs): Promise<void> {
  await Promise.all(Object.values(inputs).map((listener) => listener.close()));
}
