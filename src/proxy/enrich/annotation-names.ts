/** What the check printed, or the sentence why that could not be fetched, unless a source gives it another name. */
export const OUTPUT_ANNOTATION = 'check_output';

/** A status as a number: in an alert that of which its rule tells, from a source that of the result that it gives. */
export const STATUS_ANNOTATION = 'check_status';

/** The reason code of a failed fetch. */
export const ERROR_ANNOTATION = 'check_fetch_error';

/** The command line of a check, in which passwords are masked whatever the configuration says. */
export const COMMAND_ANNOTATION = 'check_command';
