/** A signal that is given when the bench ends, and before it removes its folder. */
export function haltAtExit(): AbortSignal {
  const halt = new AbortController();
  process.prependOnceListener('exit', () => {
    halt.abort();
  });
  return halt.signal;
}
