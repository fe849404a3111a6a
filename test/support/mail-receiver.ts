import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  readonly subject: string;
  /** The body as plain text, with `\n` at the end of each line. */
  readonly text: string;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface MailReceiver {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Every mail so far, oldest first. */
  readonly mails: readonly Mail[];
  readonly close: () => Promise<void>;
}

/** A real SMTP server on a free loopback port, which takes every mail. */
export async function startMailReceiver(): Promise<MailReceiver> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, _session, done) => {
      stream
        .toArray()
        .then((chunks) => parseMail(Buffer.concat(chunks as Buffer[])))
        .then((mail) => {
          mails.push(mail);
          done();
        }, done);
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    mails,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}

async function parseMail(raw: Buffer): Promise<Mail> {
  const { subject = '', text = '', headers } = await PostalMime.parse(raw);
  return {
    subject,
    // The line break before a boundary belongs to the boundary (RFC 2046, 5.1.1); postal-mime takes it for text.
    text: text.replaceAll('\r\n', '\n').replace(/\n$/, ''),
    headers: new Map(headers.map(({ key, value }) => [key, value])),
  };
}
