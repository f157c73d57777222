import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The way to a ledger, which a test can cut. */
export interface LineToLedger {
  /** URL of the ledger at the other end. */
  readonly url: string;
  /** How many connections were turned away since the line was last cut. */
  readonly refused: number;
  /** Ends every connection, and lets none through until the line is mended. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Lays a line on loopback to the PostgreSQL behind the URL. */
export async function lineToLedger(ledgerUrl: string): Promise<LineToLedger> {
  const { hostname, port } = new URL(ledgerUrl);
  const open = new Set<Socket>();
  let whole = true;
  let refused = 0;
  const server = createServer((near) => {
    near.on('error', () => near.destroy());
    if (!whole) {
      refused += 1;
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(ledgerUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    whole = false;
    refused = 0;
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    get refused() {
      return refused;
    },
    cut,
    mend() {
      whole = true;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
