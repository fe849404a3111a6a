import 'reflect-metadata'; // @peculiar/x509 needs it loaded first
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type JsonGeneralNames,
  type X509Certificate,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 3600 * 1000;

/** A certificate with its key, in PEM. */
export interface Pem {
  readonly cert: string;
  readonly key: string;
}

/** An authority of its own; each call of issue() makes a certificate for servers and clients. */
export interface Authority {
  readonly cert: string;
  issue(names: JsonGeneralNames, notAfter?: Date): Promise<Pem>;
}

export const LOOPBACK: JsonGeneralNames = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
];

export async function createAuthority(name = 'test authority'): Promise<Authority> {
  const keys = await generateKeys();
  const own = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true)],
  });
  return { cert: own.toString('pem'), issue: (...what) => issue(own, keys.privateKey, ...what) };
}

let serial = 0;

async function issue(
  issuer: X509Certificate,
  signingKey: webcrypto.CryptoKey,
  names: JsonGeneralNames,
  notAfter = validity().notAfter,
): Promise<Pem> {
  const keys = await generateKeys();
  serial += 1;
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    notAfter,
    serialNumber: serial.toString(16).padStart(8, '0'),
    subject: `CN=certificate ${serial}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new SubjectAlternativeNameExtension(names),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    ],
  });
  return { cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + DAY) };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}
