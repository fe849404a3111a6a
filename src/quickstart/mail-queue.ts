import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from '../platform/time/pause.ts';

interface MailQueueOptions {
  readonly queue: string;
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
}

const MAILS = 7;
const FIRST_MS = 8_000;
const TURN_MS = 15_000;

/** Lets mails pile up and leave, in turns, so that a check fails and recovers before the user's eyes. Ends with the signal. */
export async function disturbMailQueue({ queue, print, signal }: MailQueueOptions): Promise<void> {
  let wait = FIRST_MS;
  while (await pause(wait, signal)) {
    const waiting = await readdir(queue);
    if (waiting.length === 0) {
      const mails = Array.from({ length: MAILS }, (_, n) => `mail-${n + 1}-to-ops@example.com`);
      await Promise.all(mails.map((mail) => writeFile(join(queue, mail), '')));
      print(`(${MAILS} mails are stuck in the queue of the node now: check_mailq will fail)\n\n`);
    } else {
      await Promise.all(waiting.map((mail) => rm(join(queue, mail))));
      print('(the mails have left: check_mailq will recover)\n\n');
    }
    wait = TURN_MS;
  }
}
