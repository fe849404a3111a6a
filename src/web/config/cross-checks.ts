import type { z } from 'zod';
import { formatDuration } from '../../platform/time/duration.ts';

/** As much of the configuration as these checks compare. */
interface Compared {
  readonly clusters: readonly ComparedCluster[];
  readonly silences: { readonly default_duration: number; readonly max_duration: number };
  readonly authorization: { readonly rules: readonly { readonly clusters: readonly string[] }[] };
}

interface ComparedCluster {
  readonly name: string;
  readonly prometheus: readonly ComparedUpstream[];
  readonly alertmanagers: readonly ComparedUpstream[];
}

interface ComparedUpstream {
  readonly static_configs?: readonly { readonly targets: readonly string[] }[] | undefined;
}

type Context = z.core.$RefinementCtx<object>;

/** What no block of the file can tell alone: names and targets that stand twice, bounds that exclude each other, rules for nobody. */
export function checkAcross(config: Compared, context: Context): void {
  checkNames(config, context);
  checkTargets(config, context);
  checkRules(config, context);
  const { default_duration: usual, max_duration: longest } = config.silences;
  if (usual > longest) {
    complain(
      context,
      ['silences', 'default_duration'],
      `must be at most max_duration (${formatDuration(longest)})`,
    );
  }
}

/** Whether a name fits a pattern in which * stands for any text. */
export function fitsPattern(pattern: string, name: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 's').test(name);
}

function checkNames({ clusters }: Compared, context: Context): void {
  const names = clusters.map(({ name }) => name);
  names.forEach((name, index) => {
    if (names.indexOf(name) === index) return;
    complain(context, ['clusters', index, 'name'], 'is the name of an earlier cluster; names must differ');
  });
}

// An Alertmanager of two clusters would show each alert twice, and a silence would seem to be in both.
function checkTargets({ clusters }: Compared, context: Context): void {
  for (const kind of ['prometheus', 'alertmanagers'] as const) {
    const owners = new Map<string, string>();
    clusters.forEach((cluster, clusterIndex) => {
      cluster[kind].forEach(({ static_configs: lists = [] }, index) => {
        lists.forEach(({ targets }, listIndex) => {
          targets.forEach((target, targetIndex) => {
            const owner = owners.get(target);
            owners.set(target, cluster.name);
            if (owner === undefined || owner === cluster.name) return;
            const path = [
              'clusters',
              clusterIndex,
              kind,
              index,
              'static_configs',
              listIndex,
              'targets',
              targetIndex,
            ];
            complain(context, path, `belongs to cluster ${owner} already`);
          });
        });
      });
    });
  }
}

function checkRules({ authorization, clusters }: Compared, context: Context): void {
  authorization.rules.forEach((rule, index) => {
    rule.clusters.forEach((pattern, patternIndex) => {
      if (clusters.some(({ name }) => fitsPattern(pattern, name))) return;
      const path = ['authorization', 'rules', index, 'clusters', patternIndex];
      complain(context, path, 'matches no cluster of this file');
    });
  });
}

function complain(context: Context, path: PropertyKey[], message: string): void {
  context.addIssue({ code: 'custom', path, message });
}
