import { describe, expect, it } from '@jest/globals';
import { tableOf } from '../../support/html-outline.ts';
import { useProxy } from '../../support/proxy-scene.ts';
import { sendTo } from '../../support/start-proxy.ts';

describe('the page, where one Alertmanager has several tenants', () => {
  const scene = useProxy({
    config: ({ alertmanagers: [shared, alone] }) => ({
      alertmanagers: [
        { ...sendTo(shared), http_headers: { 'X-Scope-OrgID': { values: ['team-a'] } } },
        {
          ...sendTo(shared),
          http_headers: { 'X-Scope-OrgID': { values: ['team-b'] }, 'X-Key': { secrets: ['hunter2'] } },
        },
        { ...sendTo(shared), basic_auth: { username: 'team-c', password: 'hunter2' } },
        { ...sendTo(alone), http_headers: { 'X-Scope-OrgID': { values: ['team-a'] } } },
      ],
      sources: [],
    }),
    isShared: true,
  });

  it('names each by its header or user, without a secret, and leaves those alone that share no address', async () => {
    const page = await (await fetch(scene.proxy.url)).text();

    const [shared, alone] = scene.alertmanagers;
    expect(
      tableOf(page, 'alertmanagers')
        .slice(1)
        .map(([name]) => name),
    ).toEqual([
      `${shared.address} X-Scope-OrgID: team-a`,
      `${shared.address} X-Scope-OrgID: team-b`,
      `${shared.address} user team-c`,
      alone.address,
    ]);
    expect(page).not.toContain('hunter2');
  });
});
