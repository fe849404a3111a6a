import { compile, isRegistered } from '@jmespath-community/jmespath';
import { describeError } from '../../platform/log/log.ts';

/** Why this text is not a JMESPath expression; undefined if it is one. */
export function jmespathProblem(text: string): string | undefined {
  try {
    const unknown = functionNames(compile(text)).find((name) => !isRegistered(name));
    return unknown === undefined ? undefined : `has an unknown function: ${unknown}()`;
  } catch (error) {
    return `is not a JMESPath expression: ${describeError(error)}`;
  }
}

// The library notices an unknown function only when it evaluates the expression.
function functionNames(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'type' in node && node.type === 'Function' && 'name' in node ? [String(node.name)] : [];
  return [...own, ...Object.values(node).flatMap(functionNames)];
}
