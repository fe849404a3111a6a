import { runTool } from './run-tool.ts';
import type { createTempFolder } from './temp-folder.ts';

/**
 * What Alertmanager makes of `{{ template "name" . }}` of the shipped templates for one notification; rejects with what
 * amtool says if it makes nothing of it.
 */
export async function renderTemplate(
  amtool: string,
  folder: ReturnType<typeof createTempFolder>,
  name: string,
  notification: object,
): Promise<string> {
  const { ok, output } = await runTool(amtool, [
    'template',
    'render',
    '--template.glob=config/templates/*.tmpl',
    `--template.text={{ template "${name}" . }}`,
    `--template.data=${folder.write('notification.json', JSON.stringify(notification))}`,
  ]);
  if (!ok) throw new Error(output);
  return output;
}
