/** An element of a batch as it stands in the body, and what is odd about it. */
export type OddElement = readonly [sentence: string, element: string];

/** So that an element is odd in nothing else. */
export const LABELS = '"labels":{"alertname":"Odd"}';
