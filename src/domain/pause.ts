import { z } from 'zod';

/** Body of the requests that pause and resume a federation, and that tell a roll-over something. */
export const PauseOptions = z
  .strictObject({
    /** Kept with the operation. */
    why: z.string().trim().min(1, 'must say why').max(1000),
  })
  .meta({ id: 'PauseOptions' });
export type PauseOptions = z.output<typeof PauseOptions>;

/** The steps of a pause; those of a resumption are steps of the setup. */
export const pauseStepNames = ['connectionOff'] as const;
