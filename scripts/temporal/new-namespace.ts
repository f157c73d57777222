import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { registerSearchAttributes } from './search-attributes.js';

/**
 * Makes a namespace that nobody else uses, with the product's search attributes: the product's task queues and
 * workflow ids are free in it, and it lists no workflow of others.
 *
 * @returns its name
 */
export async function newNamespace(connection: Connection): Promise<string> {
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') });
  await registerSearchAttributes(connection, namespace);
  return namespace;
}
