import { formatAgo } from '../../../page/format.ts';
import { html, type Html } from '../../../page/html.ts';
import { section } from '../../../page/section.ts';
import type { PageSnapshot } from './snapshot.ts';

export function renderConfiguration({ configuration, build, now }: PageSnapshot): Html {
  const { file, loadedAt, problem, effective } = configuration;
  return section(
    'configuration',
    'Configuration and build',
    html`<dl>
        <dt>File</dt>
        <dd><code>${file}</code>, loaded ${formatAgo(loadedAt, now)}</dd>
        <dt>Version</dt>
        <dd>alertmanager-proxy ${build.version} on Node.js ${build.nodeVersion}</dd>
        <dt>Started</dt>
        <dd>${formatAgo(build.startedAt, now)}</dd>
      </dl>
      ${problem === undefined ? undefined : renderProblem(problem)}
      <details>
        <summary>Effective configuration, with its defaults and without secrets</summary>
        <pre class="scroll" role="region" aria-label="Effective configuration" tabindex="0">${effective}</pre>
      </details>`,
  );
}

function renderProblem(problem: string): Html {
  return html`<div class="warning">
    <p>The file could not be loaded when it was last tried. What is said below is in force.</p>
    <pre class="scroll" role="region" aria-label="Problems of the file" tabindex="0">${problem}</pre>
  </div>`;
}
