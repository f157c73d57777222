import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, inject } from 'vitest';
import { newNamespace as makeNamespace } from '../../scripts/temporal/new-namespace.js';

let client: Promise<Connection> | null = null;
let worker: Promise<NativeConnection> | null = null;

afterAll(async () => {
  await (await client)?.close();
  await (await worker)?.close();
});

/** The run's Temporal server, for clients; one connection per test file, closed at its end. */
export function connection(): Promise<Connection> {
  client ??= Connection.connect({ address: inject('temporal').address });
  return client;
}

/** The run's Temporal server, for workers; one connection per test file, closed at its end. */
export function nativeConnection(): Promise<NativeConnection> {
  worker ??= NativeConnection.connect({ address: inject('temporal').address });
  return worker;
}

/** A name that no other test uses, for task queues and ids. */
export function unique(name: string): string {
  return `${name}-${randomUUID().slice(0, 8)}`;
}

/** A namespace that no other test uses. */
export async function newNamespace(): Promise<string> {
  return makeNamespace(await connection());
}

/** A client of a namespace. */
export async function temporalClient(namespace: string): Promise<Client> {
  return new Client({ connection: await connection(), namespace });
}
