import type { World } from './world.js';

/** Every event of every workflow of the world's namespace, with its payloads decoded, as text to search in. */
export async function historiesAsText({ client }: World): Promise<string> {
  const texts: string[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    texts.push(
      JSON.stringify(history).replace(/"data":"([A-Za-z0-9+/=]+)"/g, (_, data: string) =>
        Buffer.from(data, 'base64').toString('utf8'),
      ),
    );
  }
  return texts.join('\n');
}
