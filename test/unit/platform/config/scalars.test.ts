import { describe, expect, it } from '@jest/globals';
import { formatByteSize, parseByteSize } from '../../../../src/platform/text/byte-size.ts';
import { formatDuration, parseDuration } from '../../../../src/platform/time/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['300ms', 300],
    ['1m30s', 90_000],
    ['1h0m1s', 3_601_000],
    ['2w', 14 * 24 * 3_600_000],
  ])('reads %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['', '1', '1.5s', '30s1m', '-1s', '1 s', 's'])('refuses %j, as Prometheus does', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [90_000, '1m30s'],
    [1_500, '1s500ms'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe('parseByteSize', () => {
  it.each([
    ['12B', 12],
    ['4KB', 4096],
    ['4KiB', 4096],
    ['32MB', 32 * 1024 * 1024],
  ])('reads %s', (text, bytes) => {
    expect(parseByteSize(text)).toBe(bytes);
  });

  it.each(['', '4', '4kb', '4.5KB', 'KB', '-1B'])('refuses %j', (text) => {
    expect(parseByteSize(text)).toBeUndefined();
  });
});

describe('formatByteSize', () => {
  it.each([
    [4096, '4KB'],
    [1000, '1000B'],
    [32 * 1024 * 1024, '32MB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatByteSize(bytes)).toBe(text);
  });
});
