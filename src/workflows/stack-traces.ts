/**
 * Errors of workflows name the line where they arose, and no more: the SDK takes a stack for every promise of a workflow, to
 * show where it waits, and that took a fifth of a user's workflow. Where it waits stands in its current details.
 */
Error.stackTraceLimit = 1;
