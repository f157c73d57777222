import { type ListRead, type SweepBaseline, type SweepLimits, type SweepList, sweepLists } from './sweep.js';

/** Lists that are read whole; the others are looked up by ids and logins. */
const wholeLists: readonly SweepList[] = sweepLists.filter((list) => !list.startsWith('other'));

/**
 * Why what was read cannot be trusted; empty if it can. A list counts only if it was read to an end that Okta confirmed,
 * without a page that came twice or was empty in the middle, and is not much shorter than the last complete sweep saw.
 *
 * @param baseline null for the first sweep of a federation.
 */
export function doubtsAbout(
  lists: readonly ListRead[],
  baseline: SweepBaseline | null,
  { listShrink }: Pick<SweepLimits, 'listShrink'>,
): readonly string[] {
  const unread = wholeLists.filter((list) => !lists.some((read) => read.list === list));
  return [
    ...unread.map((list) => `${list} was not read`),
    ...lists.flatMap((read) => doubtsAboutList(read, baseline, listShrink)),
    ...emptySource(lists),
  ];
}

function doubtsAboutList(read: ListRead, baseline: SweepBaseline | null, listShrink: number): readonly string[] {
  const { list, ended, repeated, emptyWithin, items } = read;
  const before = baseline?.lists.find((earlier) => earlier.list === list)?.items ?? null;
  const shrunk = before !== null && wholeLists.includes(list) && items < before * (1 - listShrink);
  return [
    ...(ended ? [] : [`${list} has no proper end`]),
    ...(repeated > 0 ? [`${list} repeated ${repeated} page(s)`] : []),
    ...(emptyWithin > 0 ? [`${list} had ${emptyWithin} empty page(s) in the middle`] : []),
    ...(shrunk ? [`${list} has ${items} entries where the last complete sweep saw ${before}`] : []),
  ];
}

/** Nobody assigned while the SP org has users: everyone would have to go, which nobody means. */
function emptySource(lists: readonly ListRead[]): readonly string[] {
  const items = (name: SweepList) => lists.find(({ list }) => list === name)?.items ?? 0;
  const there = Math.max(items('accessGroupMembers'), items('identityProviderUsers'));
  return items('assignments') === 0 && there > 0
    ? [`assignments is empty although ${there} user(s) of the SP org are there because of the federation`]
    : [];
}
