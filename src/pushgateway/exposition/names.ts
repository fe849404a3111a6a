/** Which names are allowed: Prometheus' classic ones, or any UTF-8 (`--push.enable-utf8-names`). */
export type NameRule = 'legacy' | 'utf8';

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export function isMetricName(name: string, rule: NameRule): boolean {
  return rule === 'legacy' ? METRIC_NAME.test(name) : isText(name);
}

export function isLabelName(name: string, rule: NameRule): boolean {
  return rule === 'legacy' ? LABEL_NAME.test(name) : isText(name);
}

/** Whether the classic text format can carry the name as it is. */
export function isLegacyMetricName(name: string): boolean {
  return METRIC_NAME.test(name);
}

/** A name with everything that the classic text format does not know as `_` (common/model escaping scheme `underscores`). */
export function underscored(name: string): string {
  return name.replace(/^\d/, '_$&').replace(/[^a-zA-Z0-9_:]/gu, '_');
}

/**
 * The name that `U__…` stands for (common/model, ValueEncodingEscaping): `__` is `_`, `_HEX_` a code point.
 * A name that is not of that form stands for itself.
 */
export function unescapeName(name: string): string {
  if (!name.startsWith('U__')) return name;
  const rest = name.slice(3);
  if (!/^(?:[a-zA-Z0-9:]|__|_[0-9a-fA-F]{1,6}_)*$/.test(rest)) return name;
  try {
    return rest.replace(/__|_([0-9a-fA-F]{1,6})_/g, (_, code?: string) =>
      code === undefined ? '_' : String.fromCodePoint(parseInt(code, 16)),
    );
  } catch {
    return name;
  }
}

function isText(name: string): boolean {
  return name !== '' && name.isWellFormed();
}
