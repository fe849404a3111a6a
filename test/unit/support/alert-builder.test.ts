import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { encodeBatch, firing, type PostedAlert } from '../../support/alert-builder.ts';

describe('alert builder', () => {
  it('writes the bytes that a real Prometheus sent', () => {
    const folder = new URL('../../fixtures/captured/', import.meta.url);
    const captured = readFileSync(new URL('03-firing-single.json', folder));
    const [alert] = JSON.parse(captured.toString()) as [PostedAlert];
    const { labels, ...parts } = alert;

    expect(encodeBatch([firing(labels, parts)]).toString()).toBe(captured.toString().trimEnd());
  });
});
