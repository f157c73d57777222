import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedDirectory } from '../../../sandbox/conformance/recordings.js';
import { eventTypes } from '../../../sandbox/core/event-types.js';
import { errorCodes } from '../../../sandbox/core/okta-error.js';
import { isEligible } from '../../../sandbox/management/event-hooks.js';

const folder = path.join(sharedDirectory(), 'okta-data/catalogue');
const present = existsSync(folder);

/** Without the evidence of Okta's behaviour beside the project there is nothing to compare with. */
describe.skipIf(!present)("what Okta's catalogues say", () => {
  it('holds for every error code that the sandbox can answer: status and summary', () => {
    const catalogue: { errors: { errorCode: string; statusCode: number; errorSummary: string }[] } = JSON.parse(
      readFileSync(path.join(folder, 'error-codes.json'), 'utf8'),
    );
    const known = new Map(catalogue.errors.map((entry) => [entry.errorCode, [entry.statusCode, entry.errorSummary]]));
    for (const [code, [status, summary]] of Object.entries(errorCodes))
      expect([code, known.get(code)]).toEqual([code, [status, summary]]);
  });

  it('holds for every event type that the sandbox can write', () => {
    const known = new Set(
      readFileSync(path.join(folder, 'event-types.csv'), 'utf8')
        .split('\n')
        .map((line) => line.split('"')[1]),
    );
    expect(Object.keys(eventTypes).filter((type) => !known.has(type))).toEqual([]);
  });

  it('holds for which of these event types an event hook can carry', () => {
    const lines = readFileSync(path.join(folder, 'event-types.csv'), 'utf8').split('\n');
    const eligible = new Set(
      lines.filter((line) => line.includes('event-hook-eligible')).map((line) => line.split('"')[1]),
    );
    const wrong = Object.keys(eventTypes).filter((type) => isEligible(type) !== eligible.has(type));
    expect(wrong).toEqual([]);
  });
});
