import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import ipaddr from 'ipaddr.js';
import type { TlsConfig } from './tls-config.ts';

/** Whether a client may speak HTTP after its handshake, as crypto/tls and exporter-toolkit would decide. */
export function isAdmitted(socket: TLSSocket, { clientAuthType, allowedSans }: TlsConfig): boolean {
  const certificate = socket.getPeerX509Certificate();
  return isGoodEnough() && (allowedSans === undefined || carriesOneOf(allowedSans));

  function isGoodEnough(): boolean {
    switch (clientAuthType) {
      case 'NoClientCert':
      case 'RequestClientCert':
        return true;
      case 'RequireAnyClientCert':
        return certificate !== undefined;
      case 'VerifyClientCertIfGiven':
        return certificate === undefined || socket.authorized;
      case 'RequireAndVerifyClientCert':
        return certificate !== undefined && socket.authorized;
    }
  }

  function carriesOneOf(names: readonly string[]): boolean {
    return (
      certificate !== undefined && subjectAlternativeNames(certificate).some((name) => names.includes(name))
    );
  }
}

/** The first subject alternative name of the client's certificate, else its common name; undefined without a certificate. */
export function certificateName(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  return subjectAlternativeNames(certificate)[0] ?? /^CN=(.+)$/m.exec(certificate.subject)?.[1];
}

/** DNS names, addresses, URIs and mail addresses of a certificate, each as Go writes it. */
function subjectAlternativeNames({ subjectAltName = '' }: Pick<X509Certificate, 'subjectAltName'>): string[] {
  // Node escapes commas within a name as \u002c and quotes the name, so that this split cannot be tricked.
  return subjectAltName.split(', ').flatMap((entry) => {
    const [, kind, text = ''] = /^(DNS|IP Address|URI|email):(.+)$/s.exec(entry) ?? [];
    if (kind === undefined) return [];
    if (kind === 'IP Address') return ipaddr.isValid(text) ? [ipaddr.process(text).toString()] : [];
    return [text.startsWith('"') ? String(JSON.parse(text)) : text];
  });
}
