/** How much of the limit that Okta's headers show we use where nothing is said: half of it is left to others. */
export const usualRateShare = 0.5;
