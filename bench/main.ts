import { startPeers } from './child.ts';
import { renderTable, type Row } from './report.ts';
import { cachedBatches } from './scenarios/cached.ts';
const peers = await startPeers(20);
const rows: Row[] = await cachedBatches(peers);
console.log(renderTable(rows));
peers.stop();
process.exit();
