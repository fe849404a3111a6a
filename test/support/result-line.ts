/** A line as sensu-client writes it for one result; `check` overrides and adds keys. */
export function resultLine(check: Record<string, unknown> = {}, client = 'web-001'): string {
  return JSON.stringify({
    timestamp: '2026-11-22T06:31:18.875229+0900',
    level: 'info',
    message: 'publishing check result',
    payload: {
      client,
      check: {
        command: 'check-disk',
        standalone: true,
        interval: 60,
        name: 'check_disk',
        issued: 1000,
        executed: 1000,
        duration: 0.003,
        output: 'DISK OK\n',
        status: 0,
        ...check,
      },
    },
  });
}
