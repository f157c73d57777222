import { z } from 'zod';

/**
 * Fetches every page of the lists that a sweep reads and does nothing with them but to look where the next one is: the
 * orgs at the same time, the lists of an org one after another, or at the same time, too. Prints how long it took.
 */
const Orgs = z.array(z.object({ url: z.string(), token: z.string(), lists: z.array(z.string()) }));

const WrappedNext = z.object({ _links: z.object({ next: z.object({ href: z.string() }).optional() }).optional() });

async function readList(url: string, token: string, list: string): Promise<number> {
  let pages = 0;
  for (let next: string | undefined = url + list; next !== undefined; pages += 1) {
    const answer: Response = await fetch(next, { headers: { authorization: `SSWS ${token}` } });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${next}: ${answer.status} ${text}`);
    const link = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    next = text.startsWith('[') ? link : WrappedNext.parse(JSON.parse(text))._links?.next?.href;
  }
  return pages;
}

const orgs = Orgs.parse(JSON.parse(process.env.BARE_READER_ORGS ?? '[]'));
const begun = performance.now();
const rows = process.env.BARE_READER_LISTS === 'together' ? orgs.flatMap(eachByItself) : orgs;
const pages = await Promise.all(
  rows.map(async ({ url, token, lists }) => {
    let read = 0;
    for (const list of lists) read += await readList(url, token, list);
    return read;
  }),
);
const milliseconds = performance.now() - begun;
process.stdout.write(`${JSON.stringify({ milliseconds, pages: pages.reduce((sum, read) => sum + read, 0) })}\n`);

function eachByItself({ lists, ...org }: z.output<typeof Orgs>[number]): z.output<typeof Orgs> {
  return lists.map((list) => ({ ...org, lists: [list] }));
}
