import closeWithGrace from 'close-with-grace';
import { serveLedger } from './serve-ledger.js';

const ledger = await serveLedger();
closeWithGrace(() => ledger.stop());
process.stdout.write(`Ledger    in memory, gone when this process ends\nUse it    ORG2ORG_LEDGER=${ledger.url}\n`);
