import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../../src/proxy/alert/alert.ts';
import { parseBatch } from '../../../../src/proxy/alert/parse.ts';
import { ReceiptOrder } from '../../../../src/proxy/intake/receipt-order.ts';
import { encodeBatch, firing, type PostedAlert } from '../../../support/alert-builder.ts';

const LONG = { junk: 'j'.repeat(300_000) };

describe('ReceiptOrder', () => {
  it.each<[string, PostedAlert, PostedAlert, string]>([
    ['waits for an earlier state', firing({ a: '1' }), firing({ a: '1' }), 'waits'],
    [
      'waits for an earlier state with long annotations',
      firing({ a: '1' }, { annotations: LONG }),
      firing({ a: '1' }),
      'waits',
    ],
    [
      'with long annotations waits for an earlier state',
      firing({ a: '1' }),
      firing({ a: '1' }, { annotations: LONG }),
      'waits',
    ],
    [
      'with long labels waits for an earlier state',
      firing({ a: '1', ...LONG }),
      firing({ a: '1', ...LONG }, { annotations: { other: 'x' } }),
      'waits',
    ],
    ['waits for no other alert', firing({ a: '1' }), firing({ a: '2' }), 'goes on'],
    [
      'with long annotations waits for no other alert that has them',
      firing({ a: '1' }, { annotations: LONG }),
      firing({ a: '2' }, { annotations: LONG }),
      'goes on',
    ],
    [
      'with long labels waits for no other alert that has them',
      firing({ a: '1', ...LONG }),
      firing({ a: '2', ...LONG }),
      'goes on',
    ],
  ])('an alert %s', async (_, earlier, later, expected) => {
    const order = new ReceiptOrder();
    const first = order.arrive().enter(alertsOf(earlier));
    const second = order.arrive().enter(alertsOf(later));
    let state = 'waits';
    const ready = second.ready().then(() => {
      state = 'goes on';
    });
    await new Promise(setImmediate);

    expect(state).toBe(expected);
    first.leave();
    await ready;
  });
});

function alertsOf(alert: PostedAlert): readonly Alert[] {
  return parseBatch(encodeBatch([alert])).alerts;
}

describe('a batch that is read after a newer one', () => {
  const names = (alerts: readonly Alert[]): string[] => alerts.map(({ labels }) => labels['a'] ?? '');

  it('keeps the alerts of which the newer one has a state to itself, and gets their verdict', async () => {
    const order = new ReceiptOrder();
    const older = order.arrive();
    const newer = order.arrive().enter([...alertsOf(firing({ a: '1' })), ...alertsOf(firing({ a: '2' }))]);
    newer.sent(Promise.resolve({ kind: 'rejected', status: 400, body: Buffer.alloc(0) }));
    const turn = older.enter([...alertsOf(firing({ a: '2' })), ...alertsOf(firing({ a: '3' }))]);

    expect(names(turn.alerts)).toEqual(['3']);
    expect(await Promise.all(turn.overtakenBy)).toMatchObject([{ kind: 'rejected', status: 400 }]);
  });

  it('keeps all alerts when the newer one came after it was read', () => {
    const order = new ReceiptOrder();
    const older = order.arrive().enter(alertsOf(firing({ a: '1' })));
    const newer = order.arrive().enter(alertsOf(firing({ a: '1' })));

    expect([names(older.alerts), names(newer.alerts)]).toEqual([['1'], ['1']]);
  });
});
