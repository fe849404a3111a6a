import { createHash } from 'node:crypto';
import { Secret } from './secret.ts';

/** A hash of settings, secrets included. No setting can be read from it. */
export function settingsId(...settings: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(settings, revealed)).digest('base64url').slice(0, 16);
}

// JSON.stringify has called Secret.toJSON before it calls this; the holder still has the secret itself.
function revealed(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Readonly<Record<string, unknown>>)[key];
  return original instanceof Secret ? original.reveal() : value;
}
