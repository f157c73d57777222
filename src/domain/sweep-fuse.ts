import type { FindingCounts, SweepBaseline, SweepLimits } from './sweep.js';

export interface FuseInput {
  /** Users on the list of actions, without those who only get back what they had. */
  readonly listed: number;
  readonly population: number;
  readonly source: number;
  readonly findings: FindingCounts;
  /** The last complete sweep of the federation; null if there was none. */
  readonly baseline: SweepBaseline | null;
  /** Whether only some users were asked for by name: shares of a population mean nothing then. */
  readonly someUsers: boolean;
  /** Whether the federation ends: nobody is acted on then without another person, however few they are. */
  readonly federationEnds: boolean;
}

/** Why a person must approve the list before anything is done; empty if the sweep may go on by itself. */
export function blownFuses(input: FuseInput, { fuse }: Pick<SweepLimits, 'fuse'>): readonly string[] {
  const { listed, population, source, findings, baseline } = input;
  if (listed === 0) return [];
  const always = [
    ...(input.federationEnds ? [`the federation ends: all of its ${listed} users would be acted on`] : []),
    ...(listed > fuse.users ? [`${listed} users would be acted on, more than ${fuse.users}`] : []),
  ];
  if (input.someUsers) return always;
  const share = population === 0 ? 1 : listed / population;
  const unknown = population === 0 ? 1 : findings.unknown / population;
  const shrunk = baseline === null || baseline.source === 0 ? 0 : 1 - source / baseline.source;
  return [
    ...always,
    ...(baseline === null ? ['there is no complete sweep of this federation to compare with'] : []),
    ...(share > fuse.share
      ? [`${listed} of ${population} users would be acted on, more than ${percent(fuse.share)}`]
      : []),
    ...(shrunk > fuse.sourceShrink
      ? [`${source} assignments where the last complete sweep saw ${baseline?.source}: ${percent(shrunk)} fewer`]
      : []),
    ...(unknown > fuse.unknown
      ? [`of ${findings.unknown} users nothing certain is known, more than ${percent(fuse.unknown)}`]
      : []),
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
