import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, inject } from 'vitest';
import { registerSearchAttributes } from '../../scripts/temporal/search-attributes.js';

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

/**
 * A namespace of one's own with the product's search attributes: tests in it may use the product's task queues and
 * workflow ids and list every workflow without seeing those of other test files.
 */
export async function newNamespace(): Promise<string> {
  const namespace = unique('test');
  const { workflowService } = await connection();
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') });
  await registerSearchAttributes(await connection(), namespace);
  return namespace;
}

/** A client of a namespace. */
export async function temporalClient(namespace: string): Promise<Client> {
  return new Client({ connection: await connection(), namespace });
}
