import { createHash } from 'node:crypto';
import { identityOf, type Alert } from './alert.ts';
import { findParts, parseParts, type MemberParts } from './go-json.ts';
import type { ByteRange } from './bytes/scan.ts';
import { readLabels } from './alert-fields.ts';
import { areLabelsOversized } from './oversized.ts';

/** Which alert it is; equal for two states of one. */
export function identityOfAlert({ labels, labelsHash }: Pick<Alert, 'labels' | 'labelsHash'>): string {
  return labelsHash ?? identityOf(labels);
}

/** The same of an alert that was read before, from its bytes. */
export function identityAt(body: Buffer, element: ByteRange): string {
  const parts = findParts(body, element);
  if (areLabelsOversized(body, parts)) return hashOfLabels(body, parts);
  const labels = readLabels(parseParts(body, 'labels', parts));
  return typeof labels === 'string' ? labels : identityOf(labels);
}

/**
 * What stands for labels that are too large to be read. Of their bytes, so it is equal only for labels that come in
 * the same order and spelling: whoever sends an alert again does not change these.
 */
export function hashOfLabels(body: Buffer, { labels }: MemberParts): string {
  const hash = createHash('sha256');
  for (const { start, end } of labels) hash.update(body.subarray(start, end));
  return hash.digest('base64');
}
