import { styleText } from 'node:util';
import type { Paint, Tone } from './render.js';
import { plain } from './render.js';

const styles: Record<Tone, Parameters<typeof styleText>[0]> = {
  good: 'green',
  bad: 'red',
  waiting: 'yellow',
  quiet: 'gray',
  strong: 'bold',
};

/** Colours where people read them: on a terminal, unless `NO_COLOR` is set. */
export function terminalPaint(stream: { readonly isTTY?: boolean }): Paint {
  const wanted = stream.isTTY === true && !process.env.NO_COLOR;
  return wanted ? (tone, text) => styleText(styles[tone], text) : plain;
}

/** Colours of the standard output. */
export const paint = terminalPaint(process.stdout);

/** Prints a text as lines of the standard output. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
