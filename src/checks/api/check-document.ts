import type { Decoder } from '../../platform/text/charset.ts';
import { isTimedOut, type JsonRecord } from '../result.ts';
import type { CheckState } from '../state.ts';
import type { Definitions } from '../definitions.ts';
import { isStale, type KnownCheck } from '../known-checks.ts';
import { showOutput, type CheckOutput, type ShownOutput } from '../output.ts';
import { formatIssued } from './issued-text.ts';

interface DocumentOptions {
  readonly client: string | null;
  readonly definitions: Definitions;
  readonly decode: Decoder;
  /** How much of each output is shown, in bytes of UTF-8. */
  readonly maxBytes: number;
}

/** Everything that is known of one check, as `/checks/{name}` shows it. */
export function describeCheck(check: KnownCheck, options: DocumentOptions): JsonRecord {
  const { state } = check;
  const about = {
    client: options.client,
    client_attributes: attributesOf(check.source, options.definitions),
  };
  if (state === undefined) {
    // In a result it is the count; in a definition it is the setting of a filter.
    const definition = { ...check.definition, occurrences: undefined };
    return { ...about, check: { ...definition, name: check.name }, last_result: null };
  }

  const { result, lastNonOk } = state;
  const { text, encoding, isTruncated } = show(result.output, options);
  return {
    ...about,
    client: result.client === '' ? options.client : result.client,
    check: {
      ...describeResult(state, text),
      occurrences: state.occurrences,
      occurrences_watermark: state.occurrencesWatermark,
      last_ok: state.lastOk ?? null,
      last_state_change: state.lastStateChange,
    },
    exit_code: result.status,
    timed_out: isTimedOut(result),
    truncated: isTruncated,
    output_bytes: result.output.bytes,
    output_encoding: encoding,
    last_non_ok: lastNonOk
      ? {
          status: lastNonOk.status,
          executed: lastNonOk.executed,
          issued_text: formatIssued(lastNonOk.executed),
          output: show(lastNonOk.output, options).text,
        }
      : null,
    issued_text: formatIssued(issuedOf(state)),
  };
}

/** A result as Sensu Core's `/results/{client}/{check}` shows it (sensu api/routes/results.rb). */
export function describeSensuResult(
  owner: string,
  state: CheckState,
  options: Pick<DocumentOptions, 'decode' | 'maxBytes'>,
): JsonRecord {
  return { client: owner, check: describeResult(state, show(state.result.output, options).text) };
}

/** One line of the list of checks. */
export function summarise(check: KnownCheck, now: number): JsonRecord {
  const { result } = check.state ?? {};
  return {
    name: check.name,
    status: result?.status ?? null,
    executed: result?.executed ?? null,
    duration: result?.attributes['duration'] ?? null,
    ...(check.source !== undefined && { source: check.source }),
    stale: isStale(check, now),
  };
}

// The keys of the log line, in their order, with the output in its place.
function describeResult({ result, history }: CheckState, output: string): JsonRecord {
  return { ...result.attributes, output, history };
}

function show(
  output: CheckOutput,
  { decode, maxBytes }: Pick<DocumentOptions, 'decode' | 'maxBytes'>,
): ShownOutput {
  return showOutput(output, decode, maxBytes);
}

// Of a proxy client a node knows no more than Sensu's server did when it made one (server/process.rb, create_client).
function attributesOf(source: string | undefined, { client }: Definitions): JsonRecord {
  if (source !== undefined) return { name: source, address: 'unknown', subscriptions: [`client:${source}`] };
  return client?.attributes ?? {};
}

function issuedOf({ result }: CheckState): number {
  const { issued } = result.attributes;
  return typeof issued === 'number' ? issued : result.executed;
}
