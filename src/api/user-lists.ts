import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { decodeMapFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import type { z } from 'zod';
import { temporalError } from '../commands/temporal-errors.js';
import { federationAttribute, kindAttribute, stateAttribute, transitionAttribute } from '../workflows/messages.js';
import { readPageToken, writePageToken } from './page-token.js';
import type { UserList, UserListQuery } from './schemas/user.js';
import type { UserAddresses } from './user-addresses.js';

/** How long Temporal may take to answer, in milliseconds. */
const deadlineMs = 3_000;

/** Lists users from Temporal's visibility store: what was asked a moment ago may be missing. */
export class UserLists {
  constructor(
    private readonly client: Client,
    private readonly addresses: UserAddresses,
  ) {}

  /** One page. A user whose workflow ran more than once within the retention stands there once for each run. */
  async page(federationId: string, asked: z.output<typeof UserListQuery>): Promise<UserList> {
    const query = [
      `${kindAttribute.name} = 'user'`,
      `${federationAttribute.name} = '${federationId}'`,
      ...(asked.state === undefined ? [] : [`${stateAttribute.name} = '${asked.state}'`]),
      ...(asked.transition === undefined ? [] : [`${transitionAttribute.name} = '${asked.transition}'`]),
      `ExecutionStatus != 'ContinuedAsNew'`,
    ].join(' AND ');
    const position = readPageToken(query, asked.pageToken);
    try {
      return await this.client.withDeadline(Date.now() + deadlineMs, () =>
        this.read(federationId, query, asked.limit, position),
      );
    } catch (error) {
      throw temporalError(error);
    }
  }

  private async read(federationId: string, query: string, pageSize: number, position: Buffer): Promise<UserList> {
    const { namespace } = this.client.options;
    const page = await this.client.workflowService.listWorkflowExecutions({
      namespace,
      query,
      pageSize,
      nextPageToken: position,
    });
    const users: UserList['users'] = [];
    for (const { execution, memo, searchAttributes } of page.executions) {
      const workflowId = execution?.workflowId ?? '';
      const context = { type: 'workflow', namespace, workflowId } as const;
      const told = await decodeMapFromPayloads(this.client.options.loadedDataConverter, memo?.fields, context);
      const login = String(told?.login ?? '');
      const attribute = <Value>(name: string, otherwise: Value): Value => {
        const payload = searchAttributes?.indexedFields?.[name];
        return payload ? defaultPayloadConverter.fromPayload(payload) : otherwise;
      };
      users.push({
        login,
        state: attribute(stateAttribute.name, 'idle' as const),
        transition: attribute(transitionAttribute.name, ''),
        links: { self: this.addresses.user(federationId, login) },
      });
    }
    return { users, nextPageToken: writePageToken(query, page.nextPageToken) };
  }
}
