import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import {
  federationAttribute,
  kindAttribute,
  stateAttribute,
  transitionAttribute,
} from '../../src/workflows/messages.js';

const alreadyExists = 6;

/** Registers the search attributes of the workflows in a namespace; those that are there stay as they are. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  for (const { name, type } of [federationAttribute, kindAttribute, stateAttribute, transitionAttribute]) {
    const searchAttributes = { [name]: encodeSearchAttributeIndexedValueType(type) ?? 0 };
    try {
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    } catch (error) {
      if (!isGrpcServiceError(error) || error.code !== alreadyExists) throw error;
    }
  }
}
