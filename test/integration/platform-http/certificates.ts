import { generate } from 'selfsigned';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const CN = (value: string) => [{ name: 'commonName', value }];

/** An authority that tests trust or not. */
export async function createAuthority(name = 'Test authority'): Promise<Certificate> {
  const { cert, private: key } = await generate(CN(name), {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
    ],
  });
  return { cert, key };
}

/** A certificate for this name and for 127.0.0.1, good for servers and clients. */
export async function issue(authority: Certificate, name: string): Promise<Certificate> {
  const { cert, private: key } = await generate(CN(name), {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: name },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert, key };
}
