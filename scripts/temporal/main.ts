import closeWithGrace from 'close-with-grace';
import { startTemporal } from './start-temporal.js';

const say = (text: string) => process.stdout.write(`${text}\n`);

const temporal = await startTemporal({ ui: true, notice: say });
closeWithGrace(() => temporal.stop());
say(`Temporal  ${temporal.address}, namespace ${temporal.namespace}`);
say(`UI        ${temporal.uiUrl ?? '(the UI of that server)'}`);
say(`Use it    TEMPORAL_ADDRESS=${temporal.address} TEMPORAL_NAMESPACE=${temporal.namespace}`);
