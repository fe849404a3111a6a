/** What the mistake is, its fixture `invalid-NAME.yml`, and what is said about it, as `LINE: KEY: SENTENCE`. */
export type Mistake = readonly [mistake: string, name: string, messages: readonly string[]];

/** Mistakes of YAML, of names and of scalars. */
export const fileMistakes: readonly Mistake[] = [
  ['an empty file', 'empty', ['1: alertmanagers: is required']],
  [
    'a list instead of keys',
    'not-a-block',
    [
      '1: must be a block of keys; a list of Alertmanagers, such as the additional ones of the Prometheus operator, stands under alertmanagers',
    ],
  ],
  [
    'a key that is there twice',
    'duplicate-key',
    ['6: the key deadline is there twice; keys of one block must differ'],
  ],
  ['a tab as indentation', 'tab', ['5: tabs cannot indent YAML; use spaces']],
  [
    'a bracket without its partner',
    'unclosed-bracket',
    ['5: flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  [
    'a bracket before the first entry of a list',
    'stray-bracket',
    [
      '5: a block cannot stand inside [ or {; is a bracket above not closed?',
      '5: nested mappings are not allowed in compact mappings',
      '5: implicit keys need to be on a single line',
      '9: 3 more from here on, which may follow from what is said above',
    ],
  ],
  ['two documents', 'two-documents', ['4: there must be one document only; remove the second ---']],
  [
    'a regular expression in double quotes',
    'escape',
    ['9: a backslash in double quotes must start a YAML escape; use single quotes'],
  ],
  [
    'a password that YAML takes for a tag',
    'tag',
    ['4: tags have no meaning here; text that starts with ! needs quotes'],
  ],
  [
    'a password that YAML takes for an alias',
    'alias',
    ['4: there is no such anchor above; text that starts with * needs quotes'],
  ],
  [
    'a password with a character that YAML reserves',
    'reserved-character',
    ['4: text that starts with @ or ` needs quotes'],
  ],
  [
    'text after a quoted password',
    'text-after-quotes',
    ['4: this cannot stand here; check quotes, brackets and indentation'],
  ],
  ['a misspelt key', 'unknown-key', ['5: enrichment.deadlin: unknown key; did you mean deadline?']],
  [
    'misspelt and unknown keys in a list',
    'unknown-key-in-source',
    ['9: sources[0].timeouts: unknown key; did you mean timeout?', '10: sources[0].retries: unknown key'],
  ],
  [
    'the top level of prometheus.yml',
    'alerting',
    ['1: alerting: is not used here: move its alertmanagers to the top level'],
  ],
  [
    'a duration with a fraction',
    'duration',
    ['5: enrichment.deadline: must be a duration such as 1m30s or 500ms'],
  ],
  [
    'a duration without a unit',
    'duration-without-unit',
    ['5: enrichment.deadline: must be a duration such as 1m30s or 500ms'],
  ],
  [
    "Prometheus' tracing as it stands there",
    'tracing',
    [
      '5: tracing.client_type: is not supported: traces are sent over HTTP; leave it out',
      '6: tracing.endpoint: must be host:port, without a scheme or a path',
      '7: tracing.sampling_fraction: must be at most 1',
    ],
  ],
  ['a wait of nothing', 'duration-zero', ['5: enrichment.deadline: must be longer than 0s']],
  ['a wait that no timer can keep', 'duration-too-long', ['5: enrichment.deadline: must be at most 3w3d']],
  ['a size with an unknown unit', 'size', ['5: server.max_body: must be a size such as 4KB or 32MB']],
  ['a size of nothing', 'size-zero', ['5: server.max_body: must be larger than 0B']],
  [
    'counts that count nothing',
    'count',
    [
      '5: enrichment.max_concurrency: must be at least 1',
      '6: enrichment.max_concurrency_per_host: must be a whole number',
    ],
  ],
  [
    'several mistakes at once',
    'several',
    [
      '4: alertmanagers[0].timeout: must be a duration such as 1m30s or 500ms',
      '6: enrichment.cache.ttl: must be a duration such as 1m30s or 500ms',
      '8: sources[0].url: is required',
      '8: sources[0].annotations: is required',
      '8: sources[0].allow: is required',
      '9: sources[0].max_concurency: unknown key; did you mean max_concurrency?',
      '10: sources[0].basic_auth.username_file: cannot read <folder>/nobody: no such file',
    ],
  ],
  [
    'an alias that contains itself',
    'circular-alias',
    ['1: aliases must not contain themselves, nor be used hundreds of times'],
  ],
  [
    'aliases that multiply',
    'multiplying-aliases',
    ['1: aliases must not contain themselves, nor be used hundreds of times'],
  ],
  [
    'a template that nobody filled in',
    'template',
    ['6: a key must be text; text that starts with { or [ needs quotes'],
  ],
];
