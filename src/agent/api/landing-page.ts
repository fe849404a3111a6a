import { version } from '../../platform/version.ts';

/** The page for people who open the agent in a browser. Nothing of it comes from a check. */
export const LANDING_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Check agent</title></head>
<body>
<h1>Check agent</h1>
<p>alertmanager-proxy agent ${version}: status and output of this node's checks.</p>
<ul>
<li><a href="metrics">/metrics</a>: for Prometheus</li>
<li><a href="checks">/checks</a>: all checks</li>
<li>/checks/NAME: the last result of one check, its history, and the last result that was not OK</li>
<li>/checks/NAME/output: what the script printed</li>
<li>/results/CLIENT/NAME: the same in the shape of Sensu's API</li>
<li><a href="-/healthy">/-/healthy</a>, <a href="-/ready">/-/ready</a></li>
</ul>
</body>
</html>
`;
