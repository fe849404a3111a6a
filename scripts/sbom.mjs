// npm run sbom: prints what the package brings along, as CycloneDX.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, ROOT } from './lib/run.mjs';

const { ok, stdout, output } = capture('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only']);
if (ok) console.log(JSON.stringify(withoutDevelopment(JSON.parse(stdout)), null, 2));
else {
  console.error(output);
  process.exitCode = 1;
}

// npm's own --omit=dev also leaves out what is needed at run time if a tool of development needs it as well.
function withoutDevelopment({ metadata, components, dependencies, ...sbom }) {
  const kept = components.filter(({ properties }) => !properties.some(isDevelopment));
  const refs = new Set([metadata.component['bom-ref'], ...kept.map((component) => component['bom-ref'])]);
  // npm calls it by the folder that it lies in.
  const { name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return {
    ...sbom,
    metadata: { ...metadata, component: { ...metadata.component, name } },
    components: kept,
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
  };
}

function isDevelopment({ name, value }) {
  return name === 'cdx:npm:package:development' && value === 'true';
}
