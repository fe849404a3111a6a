import type { CheckResult } from '../../src/checks/result.ts';
import { wholeOutput } from '../../src/checks/output.ts';

/** One result of `check_disk` on `web-001`, with what a test cares about. */
export function checkResult({
  output = 'out\n',
  ...fields
}: Partial<Omit<CheckResult, 'output'>> & { output?: string | Buffer } = {}): CheckResult {
  const result = {
    client: 'web-001',
    name: 'check_disk',
    source: undefined,
    status: 0,
    executed: 1000,
    leftOut: 0,
    ...fields,
  };
  const attributes = {
    interval: 60,
    name: result.name,
    status: result.status,
    output: '',
    ...fields.attributes,
  };
  return {
    ...result,
    output: wholeOutput(Buffer.from(output)),
    attributes,
    attributeBytes: fields.attributeBytes ?? JSON.stringify(attributes).length,
  };
}
