import { createServer, type Server, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';

/** A ledger in the memory of this process that other processes reach as a PostgreSQL database. */
export interface ServedLedger {
  /** For `ORG2ORG_LEDGER`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What a client of PostgreSQL sends before its first message, to ask for TLS; the answer is no. */
const sslRequest = 80877103;

/** What an answer ends with once the session is in no transaction: ReadyForQuery, idle. */
const idle = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

const terminate = 0x58;

/**
 * Serves PGlite on loopback, without a password, to any number of connections. PGlite has one session: a connection has it
 * from its first message until it is idle again, the others wait. (`pglite-socket` gives the session away between two
 * messages of one query: with more than one connection, queries get the answers of others.)
 */
export async function serveLedger(): Promise<ServedLedger> {
  const database = await PGlite.create();
  const sockets = new Set<Socket>();
  const sessions = new Set<Promise<void>>();
  let free = Promise.resolve();
  const turn = async () => {
    const before = free;
    let release = () => {};
    free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  };
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true).on('error', () => {}));
    const session = serve(socket, database, turn).finally(() => {
      sockets.delete(socket.destroy());
      sessions.delete(session);
    });
    sessions.add(session);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `postgres://postgres@127.0.0.1:${portOf(server)}/postgres`,
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all(sessions);
      await database.close();
    },
  };
}

/** Hands the messages of one connection to the database, all those up to the next idle answer in one turn. */
async function serve(socket: Socket, database: PGlite, turn: () => Promise<() => void>): Promise<void> {
  let release: (() => void) | null = null;
  try {
    for await (const message of messagesOf(socket)) {
      if (message[0] === terminate) break;
      release ??= await turn();
      const answer = await database.execProtocolRaw(message);
      socket.write(answer);
      if (!idle.equals(answer.subarray(-idle.length))) continue;
      release();
      release = null;
    }
  } catch {
    // The connection broke: whoever was at its other end sees that, too.
  } finally {
    if (release !== null) await database.exec('ROLLBACK').catch(() => {});
    release?.();
  }
}

/** The messages of PostgreSQL's protocol, one by one; those that ask for TLS are answered here. */
async function* messagesOf(socket: Socket): AsyncGenerator<Buffer> {
  let begun = false;
  let read = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    read = Buffer.concat([read, chunk]);
    for (;;) {
      const length = lengthOf(read, begun);
      if (length === null || read.length < length) break;
      const message = read.subarray(0, length);
      read = read.subarray(length);
      if (!begun && message.readInt32BE(4) === sslRequest) {
        socket.write('N');
        continue;
      }
      begun = true;
      yield message;
    }
  }
}

/** The length of the message that these bytes begin with; the first one has no byte for its type. */
function lengthOf(bytes: Buffer, begun: boolean): number | null {
  if (begun) return bytes.length < 5 ? null : 1 + bytes.readInt32BE(1);
  return bytes.length < 8 ? null : bytes.readInt32BE(0);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
