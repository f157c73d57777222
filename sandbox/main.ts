import { parseArgs } from 'node:util';
import { startSandbox } from './sandbox.js';

const { values } = parseArgs({
  options: {
    'idp-port': { type: 'string', default: '0' },
    'sp-port': { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    'open-connections': { type: 'boolean', default: false },
  },
});

const sandbox = await startSandbox({
  ports: { idp: port('idp-port'), sp: port('sp-port'), control: port('control-port') },
  openConnections: values['open-connections'],
});
const { idp, sp, control, targetApp } = sandbox;
process.stdout.write(
  `${JSON.stringify({
    idp: { url: idp.url, token: idp.token },
    sp: { url: sp.url, token: sp.token },
    control: { url: control.url },
    targetApp: { url: targetApp.url },
  })}\n`,
);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void sandbox.stop().then(() => process.exit(0)));
}

function port(name: 'idp-port' | 'sp-port' | 'control-port'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  process.stderr.write(`--${name} must be a port number, not ${values[name]}\n`);
  process.exit(2);
}
