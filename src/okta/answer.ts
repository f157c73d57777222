import { z } from 'zod';

/** Answers whose body carries nothing: 204, or `{}`. */
export const Nothing = z.unknown().transform((): void => undefined);

/** One link of `_links`. */
export const Link = z.looseObject({ href: z.string() });
