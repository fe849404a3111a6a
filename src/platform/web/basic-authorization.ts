/** What a browser or Prometheus sends in `Authorization: Basic`. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Reads `Authorization: Basic …`, in which the scheme's case does not matter (RFC 9110); undefined if it is something else. */
export function parseBasicAuthorization(header = ''): Login | undefined {
  const [, encoded] = /^basic +([\w+/=-]+)$/i.exec(header) ?? [];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  return user === undefined || password === undefined ? undefined : { user, password };
}
