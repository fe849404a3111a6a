import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Finding, KeyPath } from './finding.ts';

type Settings = Readonly<Record<string, unknown>>;
type FileKey = 'ca_file' | 'cert_file' | 'key_file';

/**
 * What is wrong with the files of certificates and keys that every `tls_config` of a configuration names. A file that cannot be read is none of its
 * business. No sentence repeats what a file holds.
 */
export async function tlsProblems(content: unknown, path: KeyPath = []): Promise<Finding[]> {
  if (typeof content !== 'object' || content === null) return [];
  const below = Object.entries(content).map(([key, value]) => {
    const place = [...path, Array.isArray(content) ? Number(key) : key];
    return key === 'tls_config' ? problemsOf(value, place) : tlsProblems(value, place);
  });
  return (await Promise.all(below)).flat();
}

async function problemsOf(settings: unknown, path: KeyPath): Promise<Finding[]> {
  if (typeof settings !== 'object' || settings === null) return [];
  const read = (key: FileKey): Promise<string | undefined> => textOf((settings as Settings)[key]);
  const [ca, cert, key] = await Promise.all([read('ca_file'), read('cert_file'), read('key_file')]);
  const problem = (fileKey: FileKey, sentence: string): Finding[] => [{ path: [...path, fileKey], sentence }];
  const isUsable = cert !== undefined && isCertificate(cert);
  return [
    ...(ca === undefined || isCertificate(ca) ? [] : problem('ca_file', NO_CERTIFICATE)),
    ...(cert === undefined || isUsable ? [] : problem('cert_file', NO_CERTIFICATE)),
    ...(!isUsable || key === undefined || areAPair(cert, key) ? [] : problem('key_file', NO_PAIR)),
  ];
}

const NO_CERTIFICATE = 'holds no certificate in PEM';
const NO_PAIR = 'is not the key of cert_file, or not a key in PEM without a password';

async function textOf(file: unknown): Promise<string | undefined> {
  return typeof file === 'string' ? readFile(file, 'utf8').catch(() => undefined) : undefined;
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0;
  } catch {
    return false;
  }
}

function areAPair(cert: string, key: string): boolean {
  try {
    createSecureContext({ cert, key });
    return true;
  } catch {
    return false;
  }
}
