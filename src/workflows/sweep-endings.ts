import type { Problem } from '../domain/errors.js';

/** What was read cannot be used any more: reading begins again. */
export class BeginAnew extends Error {}

/** The run's history is long: the sweep goes on in the next run. */
export class HandOn extends Error {}

/** What was read is not trusted: the sweep ends, and nothing was done. */
export class Incomplete extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** A person has said no, or nobody has said yes in time. */
export class Rejected extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** Somebody has ended the sweep. */
export class Cancelled extends Error {}
