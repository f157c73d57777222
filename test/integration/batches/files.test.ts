import { request } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bearer, startApi } from '../../api/api.js';
import { BatchCaller, batchesUrl, logins, ndjson } from '../../world/batches.js';
import { startWorld } from '../../world/start-world.js';
import { type World, withoutPeople } from '../../world/world.js';

const abandonAfterMs = 1_500;

let world: World;
let app: FastifyInstance;
let caller: BatchCaller;

beforeAll(async () => {
  world = await startWorld();
  await world.setUp(withoutPeople());
});
afterAll(() => world.stop());
beforeEach(async () => {
  app = await startApi(world.client, { batchLimits: { rows: 1_000, bytes: 1_000_000, abandonAfterMs } });
  caller = new BatchCaller(app);
  world.sandbox.requests.clear();
});

/** Users of whom neither org knows: their rows stop at once. */
const strangers = (name: string, count: number) => logins(name, count).map((login) => ({ login }));

const batchesOf = async () => {
  const batches: { id: string; state: string }[] = (await caller.get(`${batchesUrl}?limit=100`)).json().batches;
  return batches;
};

describe('a file is refused, and nothing is begun, where', () => {
  it.each<[string, string | Buffer, boolean, string, string]>([
    ['it is empty', '', false, 'O2O_BATCH_FILE_REFUSED', 'holds no rows'],
    ['it has a header only', 'login\n', true, 'O2O_BATCH_FILE_REFUSED', 'holds no rows'],
    ['it is not UTF-8', Buffer.from('login\nj\u00fcrgen\n', 'latin1'), true, 'O2O_BATCH_FILE_REFUSED', 'line 2'],
    ['a column is unknown', 'login,lable\nada,x\n', true, 'O2O_BATCH_FILE_REFUSED', 'lable'],
    ['a quotation mark is not closed', 'login\n"ada\n', true, 'O2O_BATCH_FILE_REFUSED', 'line 2'],
    ['a cell is a formula', 'login,reason\nada,=cmd()\n', true, 'O2O_BATCH_ROWS_REFUSED', 'formula'],
    [
      'a user stands in it twice',
      ndjson([{ login: 'ada' }, { login: 'ADA' }]),
      false,
      'O2O_BATCH_ROWS_REFUSED',
      'same user',
    ],
    ['it is not NDJSON', '[{"login":"ada"}]', false, 'O2O_BATCH_ROWS_REFUSED', 'not a JSON object'],
  ])('%s', async (_, file, csv, code, told) => {
    const before = await batchesOf();
    world.sandbox.requests.clear();
    for (const onError of told === 'same user' ? ['stop'] : ['stop', 'skip']) {
      const answer = await caller.post(file, { csv, query: { onError } });
      expect(answer.statusCode).toBe(400);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({ code });
      const [issue] = answer.json().errors;
      expect(issue.message).toContain(told);
      expect(issue.fix).not.toBe('');
    }
    const begun = (await batchesOf()).filter(({ id }) => !before.some((other) => other.id === id));
    for (const { state } of begun) expect(state).toBe('refused');
    expect(world.sandbox.requestsTo(undefined, {})).toEqual([]);
  });

  it('it has too many rows', async () => {
    const answer = await caller.post(ndjson(strangers('rows', 1_001)));
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'O2O_BATCH_TOO_LARGE', detail: expect.stringContaining('1000 rows') });
    for (const { state } of await batchesOf()) expect(state).toBe('refused');
    expect(world.sandbox.requestsTo(undefined, {})).toEqual([]);
  });

  it('it has too many bytes', async () => {
    const answer = await caller.post(
      ndjson(strangers('bytes', 90).map((row) => ({ ...row, reason: 'x'.repeat(15_000) }))),
    );
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'O2O_BATCH_TOO_LARGE' });
  });

  it('a bad row comes after rows that were handed over already', async () => {
    const answer = await caller.post(ndjson([...strangers('late', 500), { login: '' }]));
    expect(answer.json()).toMatchObject({ code: 'O2O_BATCH_ROWS_REFUSED', errors: [{ pointer: '/501/login' }] });
    await expect
      .poll(async () => (await batchesOf()).map(({ state }) => state), { timeout: 30_000 })
      .toContain('refused');
    expect(world.sandbox.requestsTo(undefined, {})).toEqual([]);
  });

  it('it has more bad rows than anyone reads: the first 1,000 are told, all are counted', async () => {
    const large = await startApi(world.client);
    const answer = await new BatchCaller(large).post('{}\n'.repeat(1_500));
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining('1500 of 1500 rows') });
    expect(answer.json().errors).toHaveLength(1_000);
  });

  it.each([
    ['JSON', 'application/json', '{"login":"ada"}'],
    ['plain text', 'text/plain', 'ada'],
    ['YAML', 'application/yaml', 'login: ada'],
  ])('it is %s', async (_, type, payload) => {
    const headers = { ...bearer('operator'), 'content-type': type };
    const answer = await app.inject({ method: 'POST', url: batchesUrl, headers, payload });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ code: 'O2O_MEDIA_TYPE_UNSUPPORTED' });
  });

  it('the federation does not exist', async () => {
    const headers = { ...bearer('operator'), 'content-type': 'text/csv' };
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/federations/nowhere/batches',
      headers,
      payload: 'login\n',
    });
    expect(answer.json()).toMatchObject({ status: 404, code: 'O2O_FEDERATION_NOT_FOUND' });
  });

  it.each([
    ['transition', 'fire'],
    ['onError', 'ask'],
    ['dryRun', 'perhaps'],
    ['inFlight', '0'],
  ])('the address says %s=%s', async (name, value) => {
    const answer = await caller.post('login\n', { csv: true, query: { [name]: value } });
    expect(answer.json()).toMatchObject({ code: 'O2O_REQUEST_INVALID', errors: [{ pointer: `/${name}` }] });
  });

  it('the token is a viewer', async () => {
    const headers = { ...bearer('viewer'), 'content-type': 'text/csv' };
    const answer = await app.inject({ method: 'POST', url: batchesUrl, headers, payload: 'login\n' });
    expect(answer.statusCode).toBe(403);
  });
});

describe('the same Idempotency-Key', () => {
  it('with the same file gives the same batch, while it runs and after it has ended', async () => {
    const file = ndjson(strangers('once', 3));
    const first = await caller.post(file, { key: 'once' });
    const second = await caller.post(file, { key: 'once' });
    const { batch } = first.json();
    await caller.settled(batch);
    const third = await caller.post(file, { key: 'once' });
    expect([first, second, third].map((answer) => answer.json().started)).toEqual([true, false, false]);
    for (const answer of [second, third]) expect(answer.json().batch.id).toBe(batch.id);
    const results = await caller.rows(batch);
    expect(results.map(({ number }) => number)).toEqual([1, 1, 1]);
  });

  it.each([
    ['other rows', strangers('other', 3), {}],
    ['more rows', strangers('reused', 4), {}],
    ['other options', strangers('reused', 3), { dryRun: 'true' }],
  ])('with %s is refused', async (name, rows, query) => {
    const key = `reused-${name.replace(' ', '-')}`;
    const batch = await caller.start(ndjson(strangers('reused', 3)), { key });
    expect((await caller.post(ndjson(rows), { key, query })).json()).toMatchObject({
      status: 409,
      code: 'O2O_IDEMPOTENCY_KEY_REUSED',
    });
    await caller.settled(batch);
    expect((await caller.post(ndjson(rows), { key, query })).json()).toMatchObject({ status: 409 });
  });

  it('goes with a corrected file after a refusal', async () => {
    const rows = strangers('corrected', 250);
    const sending = { key: 'corrected' };
    expect((await caller.post(ndjson([...rows, { login: '' }]), sending)).statusCode).toBe(400);
    await expect.poll(async () => (await caller.post(ndjson(rows), sending)).statusCode, { timeout: 30_000 }).toBe(202);
    const batch = await caller.start(ndjson(rows), sending);
    await caller.order(batch, 'cancel');
    expect(await caller.settled(batch)).toMatchObject({ state: 'cancelled', rows: 250 });
  });
});

describe('an upload that breaks off', () => {
  const isThere = async (state: string) => (await batchesOf()).some((batch) => batch.state === state);

  /** Sends the beginning of a file, with `onError=skip`, over a connection that then breaks. */
  async function breakOff(beginning: string, key: string): Promise<void> {
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const headers = { ...bearer('operator'), 'content-type': 'application/x-ndjson', 'idempotency-key': key };
    const sent = request(`${address}${batchesUrl}?transition=onboard&onError=skip`, { method: 'POST', headers });
    sent.on('error', () => {});
    sent.write(beginning);
    await expect.poll(() => isThere('receiving'), { timeout: 30_000 }).toBe(true);
    const closed = new Promise((resolve) => sent.on('close', resolve));
    sent.destroy();
    await closed;
  }

  it('ends as abandoned after a while, and nothing is done', async () => {
    await breakOff(ndjson(strangers('broken', 450)), 'broken');
    await expect.poll(() => isThere('abandoned'), { timeout: 30_000 }).toBe(true);
    const abandoned = (await batchesOf()).find(({ state }) => state === 'abandoned');
    const batch = await caller.settled({
      links: { self: `${batchesUrl}/${abandoned?.id}`, rows: '', events: '' },
    });
    expect(batch).toMatchObject({ state: 'abandoned', rows: 400, counts: { cancelled: 400, done: 0, stopped: 0 } });
    expect(world.sandbox.requestsTo(undefined, {})).toEqual([]);
  });

  it('goes on where it was when it is sent again with its key', async () => {
    app = await startApi(world.client, { batchLimits: { abandonAfterMs: 600_000 } });
    caller = new BatchCaller(app);
    const rows = [...strangers('again', 10), ...Array.from({ length: 400 }, () => ({ login: '' }))];
    const whole = ndjson(rows);
    await breakOff(whole.slice(0, -100), 'again');
    const batch = await caller.settled(await caller.start(whole, { query: { onError: 'skip' }, key: 'again' }));
    expect(batch).toMatchObject({ state: 'done', rows: 410, counts: { refused: 400, stopped: 10 } });
    expect((await caller.rows(batch)).map(({ row }) => row)).toEqual(rows.map((_, index) => index + 1));
  });
});
