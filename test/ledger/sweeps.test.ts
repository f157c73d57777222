import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepFinding } from '../../src/domain/sweep.js';
import { type Ledger, openLedger } from '../../src/ledger/ledger.js';
import {
  forgetEndedSuspensions,
  keepFindings,
  keepOutcomes,
  listFindings,
  pendingFindings,
} from '../../src/ledger/sweep-findings.js';
import { everybodyJoined, joinedUsers, sourcelessUsers, unseenSpUsers } from '../../src/ledger/sweep-join.js';
import { dropReads, holdsReads, keepPage, type SweepAttempt } from '../../src/ledger/sweep-reads.js';
import { startPostgres, type TestPostgres, whyNoPostgres } from '../world/start-postgres.js';

const now = '2026-01-01T00:00:00.000Z';

const read = (list: 'accessGroupMembers' | 'assignments', pages: number, items: number) => ({
  list,
  pages,
  items,
  ended: true,
  repeated: 0,
  emptyWithin: 0,
});

const finding = (spUserId: string, action: SweepFinding['action']): SweepFinding => ({
  spUserId,
  idpUserId: null,
  login: `${spUserId}@acme.example`,
  kind: 'unassigned',
  reason: 'because',
  action,
  evidence: { spStatus: 'ACTIVE' },
});

const kinds = [
  { kind: 'embedded', why: null },
  { kind: 'PostgreSQL', why: whyNoPostgres() },
];

for (const { kind, why } of kinds)
  describe.skipIf(why !== null)(`the ledger of sweeps, ${kind}${why === null ? '' : `: ${why}`}`, () => {
    let server: TestPostgres | null = null;
    let ledger: Ledger;

    beforeAll(async () => {
      server = kind === 'embedded' ? null : await startPostgres();
      ledger = openLedger(server?.url ?? 'embedded:');
    }, 120_000);
    afterAll(async () => {
      await ledger.close();
      await server?.stop();
    });

    it('brings the schema up to date once, also where two processes begin at the same time', async () => {
      const others = server === null ? [] : [openLedger(server.url), openLedger(server.url)];
      const found = await Promise.all(
        [ledger, ...others].map((each) => each.ask((db) => db.selectFrom('sweeps').selectAll().execute())),
      );
      expect(found.flat()).toEqual([]);
      await Promise.all(others.map((other) => other.close()));
    });

    it('replaces a page that is read again, and notices one that came before', async () => {
      const of: SweepAttempt = { federationId: 'f', sweepId: 'pages', attempt: 1 };
      const entries = [{ id: '00u1', login: 'a', status: 'ACTIVE' }];
      expect(await keepPage(ledger, of, 'accessGroupMembers', 1, entries)).toEqual({ repeated: false });
      expect(await keepPage(ledger, of, 'accessGroupMembers', 1, entries)).toEqual({ repeated: false });
      expect(await holdsReads(ledger, of, [read('accessGroupMembers', 1, 1)])).toBe(true);
      expect(await keepPage(ledger, of, 'accessGroupMembers', 2, entries)).toEqual({ repeated: true });
    });

    it('does not take two pages of names that nobody has for the same page', async () => {
      const of: SweepAttempt = { federationId: 'f', sweepId: 'nobody', attempt: 1 };
      const page = (...names: string[]) => names.map((name) => ({ id: '', user_name: name }));
      expect(await keepPage(ledger, of, 'otherIdpUsers', 1, page('a', 'b'))).toEqual({ repeated: false });
      expect(await keepPage(ledger, of, 'otherIdpUsers', 2, page('c', 'd'))).toEqual({ repeated: false });
    });

    it('knows that what was read is not there: never, for another attempt, or any more', async () => {
      const of: SweepAttempt = { federationId: 'f', sweepId: 'held', attempt: 1 };
      const lists = [read('assignments', 1, 1)];
      expect(await holdsReads(ledger, of, lists)).toBe(false);
      await keepPage(ledger, of, 'assignments', 1, [{ id: '00u1' }]);
      expect(await holdsReads(ledger, of, lists)).toBe(true);
      expect(await holdsReads(ledger, { ...of, attempt: 2 }, lists)).toBe(false);
      expect(await holdsReads(ledger, of, [read('assignments', 1, 2)])).toBe(false);
      await dropReads(ledger, 'f', 'held');
      expect(await holdsReads(ledger, of, lists)).toBe(false);
    });

    it('joins by the id to which an assignment leads, by name, and by what was looked up', async () => {
      const of: SweepAttempt = { federationId: 'f', sweepId: 'join', attempt: 1 };
      const sp = (id: string, login: string, status = 'ACTIVE') => ({ id, login, status, email: `${login}.mail` });
      await keepPage(ledger, of, 'accessGroupMembers', 1, [
        sp('sp1', 'renamed'),
        sp('sp2', 'b'),
        sp('sp3', 'gone'),
        sp('sp9', 'x', 'DEPROVISIONED'),
      ]);
      await keepPage(ledger, of, 'identityProviderUsers', 1, [sp('sp3', 'gone'), sp('sp4', 'd')]);
      await keepPage(ledger, of, 'administrators', 1, [{ id: 'sp4' }, { id: 'not-of-ours' }]);
      const assigned = (id: string, name: string, external: string | null) => ({
        id,
        login: name,
        status: 'ACTIVE',
        user_name: name,
        external_id: external,
        assignment_status: 'PROVISIONED',
      });
      await keepPage(ledger, of, 'assignments', 1, [
        assigned('idp1', 'a', 'sp1'),
        assigned('idp2', 'b', null),
        assigned('idp5', 'e', 'sp5'),
      ]);
      expect(await unseenSpUsers(ledger, of, '', 10)).toEqual(['sp5']);
      await keepPage(ledger, of, 'otherSpUsers', 1, [sp('sp5', 'e')]);
      expect(await sourcelessUsers(ledger, of, 'USERNAME', '', 10)).toEqual([
        { id: 'sp3', names: ['gone'] },
        { id: 'sp4', names: ['d'] },
      ]);
      await keepPage(ledger, of, 'otherIdpUsers', 1, [
        { id: '', user_name: 'gone' },
        { id: 'idp4', login: 'd', user_name: 'd', status: 'DEPROVISIONED' },
      ]);
      const joined = await joinedUsers(ledger, of, 'USERNAME', '', 10);
      expect(
        joined.map(({ spUserId, because, administrator, sourceKnown, sources }) => ({
          spUserId,
          ...because,
          administrator,
          sourceKnown,
          sources: sources.map(({ idpUserId, status }) => `${idpUserId} ${status}`),
        })),
      ).toEqual([
        {
          spUserId: 'sp1',
          linked: false,
          provisioned: true,
          inAccessGroup: true,
          administrator: false,
          sourceKnown: true,
          sources: ['idp1 ACTIVE'],
        },
        {
          spUserId: 'sp2',
          linked: false,
          provisioned: false,
          inAccessGroup: true,
          administrator: false,
          sourceKnown: true,
          sources: ['idp2 ACTIVE'],
        },
        {
          spUserId: 'sp3',
          linked: true,
          provisioned: false,
          inAccessGroup: true,
          administrator: false,
          sourceKnown: true,
          sources: [],
        },
        {
          spUserId: 'sp4',
          linked: true,
          provisioned: false,
          inAccessGroup: false,
          administrator: true,
          sourceKnown: true,
          sources: ['idp4 DEPROVISIONED'],
        },
        {
          spUserId: 'sp5',
          linked: false,
          provisioned: true,
          inAccessGroup: false,
          administrator: false,
          sourceKnown: true,
          sources: ['idp5 ACTIVE'],
        },
      ]);
      const windows: string[] = [];
      for await (const users of everybodyJoined(ledger, of, 'USERNAME', 2)) {
        windows.push(...users.map(({ spUserId }) => spUserId));
      }
      expect(windows).toEqual(['sp1', 'sp2', 'sp3', 'sp4', 'sp5']);
      expect((await sourcelessUsers(ledger, of, 'EMAIL', '', 10))[0]).toEqual({ id: 'sp2', names: ['b.mail'] });
    });

    it('forgets a suspension once the user is seen in another status, and not if nobody has seen the user', async () => {
      const of: SweepAttempt = { federationId: 'suspensions', sweepId: 'one', attempt: 1 };
      const users = ['sp1', 'sp2', 'sp3'];
      await keepFindings(
        ledger,
        of,
        users.map((id) => finding(id, 'suspend')),
        now,
      );
      const done = users.map((spUserId) => ({
        spUserId,
        outcome: 'done' as const,
        changed: true,
        transition: 1,
        note: null,
      }));
      await keepOutcomes(ledger, of, done, now, now);
      const next = { ...of, sweepId: 'next' };
      await keepPage(ledger, next, 'accessGroupMembers', 1, [
        { id: 'sp1', status: 'SUSPENDED' },
        { id: 'sp2', status: 'ACTIVE' },
      ]);
      await forgetEndedSuspensions(ledger, next);
      const held = await ledger.ask((db) =>
        db.selectFrom('suspensions').select('sp_user_id').where('federation_id', '=', 'suspensions').execute(),
      );
      expect(held.map(({ sp_user_id }) => sp_user_id).sort()).toEqual(['sp1', 'sp3']);
    });

    it('keeps what became of findings, and which suspensions hold', async () => {
      const of: SweepAttempt = { federationId: 'f', sweepId: 'acts', attempt: 1 };
      await keepFindings(
        ledger,
        of,
        [finding('sp1', 'suspend'), finding('sp2', 'deactivate'), finding('sp3', 'none')],
        now,
      );
      expect((await pendingFindings(ledger, of, 10)).map(({ spUserId }) => spUserId)).toEqual(['sp1', 'sp2']);
      const outcome = (spUserId: string) => ({
        spUserId,
        outcome: 'done' as const,
        changed: true,
        transition: 1,
        note: null,
      });
      await keepOutcomes(ledger, of, [outcome('sp1'), outcome('sp2')], now, now);
      await keepFindings(ledger, of, [finding('sp1', 'suspend')], now);
      expect(await pendingFindings(ledger, of, 10)).toEqual([]);
      const kept = await listFindings(ledger, of, { listed: true }, null, 10);
      expect(kept.map(({ spUserId, outcome: became }) => `${spUserId} ${became}`)).toEqual(['sp1 done', 'sp2 done']);
      const held = () =>
        ledger.ask((db) =>
          db.selectFrom('suspensions').select('sp_user_id').where('federation_id', '=', 'f').execute(),
        );
      expect(await held()).toEqual([{ sp_user_id: 'sp1' }]);
      const later = { ...of, sweepId: 'later' };
      await keepFindings(ledger, later, [finding('sp1', 'resume')], now);
      await keepOutcomes(ledger, later, [outcome('sp1')], now, now);
      expect(await held()).toEqual([]);
    });
  });

describe('a ledger that does not answer', () => {
  it('says so with an error that is tried again', async () => {
    const ledger = openLedger('postgres://nobody@127.0.0.1:1/none');
    const asked = ledger.ask((db) => db.selectFrom('sweeps').selectAll().execute());
    await expect(asked).rejects.toMatchObject({ problem: { code: 'O2O_LEDGER_UNAVAILABLE', retryable: true } });
    await ledger.close();
  });
});
