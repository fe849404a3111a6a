import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRecordedLog } from '../../support/recorded-log.ts';
import { createRememberingNode, FAILURES, type RememberingNode } from '../../support/remembering-agent.ts';
import { waitFor } from '../../support/wait-for.ts';

let node: RememberingNode;

beforeEach(() => {
  node = createRememberingNode();
});
afterEach(() => node.dispose());

describe('a state file that cannot be used', () => {
  it.each([
    [
      'is not JSON',
      () => {
        writeFileSync(node.stateFile, '{"version":1,"sta');
      },
      'JSON',
    ],
    [
      'is of another version',
      () => {
        writeFileSync(node.stateFile, '{"version":2}');
      },
      'it is of version 2',
    ],
    [
      'is of another agent',
      () => {
        writeFileSync(node.stateFile, '{"version":1,"logFiles":["/var/log/other.log"]}');
      },
      'it is about other logs than --log.file names',
    ],
    [
      'has a check that is damaged',
      () => {
        writeFileSync(
          node.stateFile,
          JSON.stringify({
            version: 1,
            logFiles: [node.logFile],
            states: [{ result: {} }],
            subdued: [],
            found: [],
            positions: [],
          }),
        );
      },
      'a check in it is damaged',
    ],
    [
      'has 1 GB',
      () => {
        writeFileSync(node.stateFile, '');
        truncateSync(node.stateFile, 1024 ** 3);
      },
      'it has 1073741824 bytes',
    ],
  ])('because it %s is one warning, and is replaced', async (_, spoil, reason) => {
    mkdirSync(`${node.folder.path}/state`);
    spoil();
    node.write(...FAILURES);

    const agent = await node.startAgent();
    expect(await agent.check('check_disk')).toMatchObject({ check: { status: 2 } });
    await agent.stop();

    expect(node.recorded.text().match(/level=WARN/g)).toHaveLength(1);
    expect(node.recorded.text()).toMatch(/cannot use the state of before.*reason=/);
    expect(node.recorded.text()).toContain(reason);
    expect(JSON.parse(readFileSync(node.stateFile, 'utf8'))).toMatchObject({ version: 1 });
    expect(readdirSync(`${node.folder.path}/state`)).toEqual(['agent-state.json']);
  });

  it('because a symbolic link is in its place is one warning, and what it leads to stays as it is', async () => {
    mkdirSync(`${node.folder.path}/state`);
    const target = node.folder.write('precious', 'precious');
    symlinkSync(target, node.stateFile);
    node.write(...FAILURES);

    await (await node.startAgent()).stop();

    expect(node.recorded.text().match(/level=WARN/g)).toHaveLength(1);
    expect(node.recorded.text()).toContain('it is a symbolic link');
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  it('because its folder does not exist is one warning, however often it is tried', async () => {
    node.write(...FAILURES);
    const agent = await node.startAgent();
    node.folder.write('gone', '');
    renameSync(`${node.folder.path}/state`, `${node.folder.path}/moved`);
    await agent.stop();

    expect(node.recorded.text().match(/level=WARN/g)).toHaveLength(1);
    expect(node.recorded.text()).toMatch(/cannot write the state, a restart may forget results.*ENOENT/);
  });

  it('because another agent writes it, too, is one warning of one of them', async () => {
    node.write(...FAILURES);
    const first = await node.startAgent();
    await waitFor('the state', () => existsSync(node.stateFile));
    const other = createRecordedLog();
    const second = await node.startAgent({ log: other });
    await waitFor('the state of the second', () => readdirSync(`${node.folder.path}/state`).length === 1);
    await second.stop();
    await first.stop();

    expect(node.recorded.text().match(/another agent writes this state/g)).toHaveLength(1);
    expect(other.text()).not.toContain('level=WARN');
  });

  it('is for nobody else to read, and leaves no temporary file', async () => {
    node.write(...FAILURES);
    await (await node.startAgent()).stop();

    expect((statSync(node.stateFile).mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(`${node.folder.path}/state`)).toEqual(['agent-state.json']);
  });
});
