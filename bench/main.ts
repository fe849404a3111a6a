// npm run bench: prints the table, and puts it into docs/performance.md between its marks.
import { cpus } from 'node:os';
import { startPeers, type Peers } from './child.ts';
import { writeDocument } from './document.ts';
import { createFolder } from './folder.ts';
import { startProxy, type BenchedProxy, type ProxyOptions } from './proxy.ts';
import { renderTable, type Row } from './report.ts';
import { busyAgent } from './scenarios/agent.ts';
import { cachedBatches } from './scenarios/cached.ts';
import { hundredThousandAlerts } from './scenarios/hundred-thousand.ts';
import { hungAlertmanager } from './scenarios/hung-alertmanager.ts';
import { deadDataCentre, healthyNodes, silentNodes } from './scenarios/nodes.ts';
import { drainToAlertmanager } from './scenarios/real-alertmanager.ts';
import { busyRunner } from './scenarios/runner.ts';
import { startUp } from './scenarios/start-up.ts';
import { createSender, type Sender } from './sender.ts';

/** What a scenario gets. */
export interface Bench {
  readonly peers: Peers;
  /** For files; removed at the end of the bench. */
  readonly folder: string;
  /** A proxy and a sender for one scenario; by default one stub Alertmanager behind it. */
  readonly withProxy: <T>(
    options: Partial<ProxyOptions>,
    run: (running: { proxy: BenchedProxy; sender: Sender }) => Promise<T>,
  ) => Promise<T>;
}

const SCENARIOS = {
  cached: cachedBatches,
  'start-up': startUp,
  drain: drainToAlertmanager,
  healthy: healthyNodes,
  silent: silentNodes,
  'data-centre': deadDataCentre,
  hung: hungAlertmanager,
  'hundred-thousand': hundredThousandAlerts,
  agent: busyAgent,
  runner: busyRunner,
};

const HEALTHY_NODE_MS = 20;

const chosen = process.argv.slice(2);
const folder = createFolder();
const peers = await startPeers(HEALTHY_NODE_MS);
const rows: Row[] = [];
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.error(`${name} …`);
  const found = await scenario({ peers, folder, withProxy });
  for (const { what, measured } of found) console.error(`  ${what}: ${measured}`);
  rows.push(...found);
}
peers.stop();
const table = `Node ${process.version} on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}).\n\n${renderTable(rows)}`;
console.log(table);
if (chosen.length === 0) await writeDocument(table);
process.exit();

async function withProxy<T>(
  options: Partial<ProxyOptions>,
  run: (running: { proxy: BenchedProxy; sender: Sender }) => Promise<T>,
): Promise<T> {
  const { healthy, hanging, trickling, alertmanagers } = peers.ports;
  const proxy = await startProxy({
    folder,
    alertmanagers: [`127.0.0.1:${alertmanagers[0] ?? 0}`],
    ports: [healthy, hanging, trickling, peers.deadPort],
    ...options,
  });
  const sender = createSender(proxy.url);
  try {
    return await run({ proxy, sender });
  } finally {
    sender.close();
    await proxy.stop();
  }
}
