import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { listen, type Listener } from '../../../../src/platform/web/listener.ts';
import { createAlertsRouter } from '../../../../src/proxy/api/alerts-router.ts';
import { ThrottledLog } from '../../../../src/platform/log/throttled-log.ts';
import { BatchOutage } from '../../../../src/proxy/activity/batch-outage.ts';
import { createRecordedLog, type RecordedLog } from '../../../support/recorded-log.ts';

let answered: number[];
let recorded: RecordedLog;
let listener: Listener;

beforeEach(async () => {
  answered = [];
  recorded = createRecordedLog();
  const { log } = recorded;
  const handler = express().use(
    createAlertsRouter({
      intake: { receive: () => Promise.resolve({ kind: 'refused' }) },
      maxBody: 1_000,
      bodyTimeout: 200,
      onAnswered: (code) => answered.push(code),
      outage: new BatchOutage(log),
      problems: new ThrottledLog(log),
      monotonic: () => performance.now(),
    }),
  );
  listener = await listen({ listenAddress: '127.0.0.1:0', handler, log });
});

afterEach(() => listener.close());

describe('a body that is not whole in time', () => {
  it('is answered with 408, counted and logged, and its connection closed', async () => {
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1');
    socket.write(
      'POST /api/v2/alerts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n[',
    );

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 [^]*"the body was not whole within 0\.2 s"}$/);
    expect(answered).toEqual([408]);
    expect(recorded.lines('refused a body')).toEqual([
      'err="the body was not whole within 0.2 s" client=127.0.0.1',
    ]);
  });
});
