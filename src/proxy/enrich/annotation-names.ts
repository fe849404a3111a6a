/** What the check printed, or the sentence why that could not be fetched, unless a source gives it another name. */
export const OUTPUT_ANNOTATION = 'check_output';

/** The reason code of a failed fetch. */
export const ERROR_ANNOTATION = 'check_fetch_error';
