import type { Logger } from 'pino';
import { Org2OrgError } from '../domain/errors.js';
import type { LedgerRetention } from '../domain/ledger-retention.js';
import type { Ledger } from '../ledger/ledger.js';
import { removeExpired } from '../ledger/retention.js';

/** How often the ledger is looked through, in milliseconds. */
const everyMs = 6 * 60 * 60 * 1000;

/** Removes now, and then four times a day, what the ledger need not keep any longer. @returns how to end that */
export function keepRetention(ledger: Ledger, retention: LedgerRetention, log: Logger): () => void {
  const look = () =>
    removeExpired(ledger, retention, Date.now()).then(
      (removed) => {
        if (Object.values(removed).some((rows) => rows > 0))
          log.info(removed, 'Removed from the ledger by its retention');
      },
      (error) => {
        const code = error instanceof Org2OrgError ? error.code : 'O2O_INTERNAL';
        log.warn({ code }, 'The ledger was not looked through for what need not be kept any longer');
      },
    );
  // What an embedded one holds has begun with this process.
  if (!ledger.embedded) void look();
  const timer = setInterval(look, everyMs);
  return () => clearInterval(timer);
}
