import { expect, it } from 'vitest';
import { type SweepRecord, SweepSpec } from '../../src/domain/sweep.js';
import { enterAudit } from '../../src/ledger/audit.js';
import { checkAudit } from '../../src/ledger/audit-check.js';
import { erasePerson } from '../../src/ledger/erasures.js';
import { findProof, keepProof } from '../../src/ledger/proofs.js';
import { keepFindings, keepOutcomes, listFindings } from '../../src/ledger/sweep-findings.js';
import { enterSweep, findSweep, keepSweep } from '../../src/ledger/sweep-runs.js';
import { auditEntry, describeWithEachLedger, minute } from './each-ledger.js';

describeWithEachLedger('an erasure', (at) => {
  const login = 'Bob@acme.example';
  const person = { federationId: 'f', login, userKey: 'key-of-bob', seenIds: ['00uidp'] };
  const of = { federationId: 'f', sweepId: 's', attempt: 1 };
  const spec = SweepSpec.parse({
    scope: { users: [login, 'ada@acme.example'] },
    rules: { protect: ['bob@acme.example'] },
  });
  const actor = { name: 'operator@tests', roles: ['operator'] as const };
  const proof = {
    kind: 'org2org/offboarding-proof/1' as const,
    federationId: 'f',
    transition: 2,
    user: { login, idpUserId: '00uidp', spUserId: '00usp' },
    requestedBy: 'operator@tests',
    reason: 'left\u0000',
    ticket: null,
    statements: [],
    provenAt: minute(0),
    digest: 'sha256:of-the-proof',
  };

  it('waits for a sweep that has the user on its list', async () => {
    await enterSweep(at.ledger, { ...of, id: 's', spec, trigger: 'request', actor }, minute(0));
    const found = { idpUserId: null, reason: 'Bob is gone', evidence: { spStatus: 'ACTIVE' } };
    await keepFindings(
      at.ledger,
      of,
      [
        { ...found, spUserId: '00usp', login: 'bob@acme.example', kind: 'unassigned', action: 'deactivate' },
        { ...found, spUserId: '00uada', login: 'ada@acme.example', kind: 'unassigned', action: 'none' },
      ],
      minute(0),
    );
    await expect(erasePerson(at.ledger, person)).rejects.toMatchObject({ code: 'O2O_ERASURE_BUSY' });
  });

  it('takes login, names and reasons of the person out of everything, of nobody else, and once', async () => {
    const done = { spUserId: '00usp', outcome: 'done' as const, changed: true, transition: 2, note: 'bob is out' };
    await keepOutcomes(at.ledger, of, [done], minute(1), minute(1));
    // What an erasure looks at; the rest of a record is as sweeps leave it.
    const record = { id: 's', federationId: 'f', spec, state: 'done', startedBy: actor.name, startedAt: minute(0) };
    const ended = {
      ...record,
      trigger: 'request',
      endedAt: minute(2),
      attempt: 1,
      population: 2,
      actions: { listed: 1 },
    };
    await keepSweep(at.ledger, ended as unknown as SweepRecord);
    await keepProof(at.ledger, person.userKey, proof);
    expect(await findProof(at.ledger, 'f', person.userKey)).toEqual(proof);
    await enterAudit(at.ledger, [
      auditEntry({ subject: { login: 'BOB@acme.example', reason: 'left', ticket: null, idempotencyKey: null } }),
      auditEntry({ subject: { login: 'ada@acme.example', reason: 'left', ticket: null, idempotencyKey: null } }),
      auditEntry({ federationId: 'another' }),
    ]);

    expect(await erasePerson(at.ledger, person)).toEqual({ findings: 1, proofs: 1, sweeps: 1, auditRows: 2 });
    const [ada, bob] = await listFindings(at.ledger, of, {}, null, 10);
    expect(ada).toMatchObject({ login: 'ada@acme.example', reason: 'Bob is gone' });
    expect(bob).toMatchObject({
      spUserId: '00usp',
      login: '',
      reason: 'erased',
      evidence: {},
      note: null,
      outcome: 'done',
    });
    expect(await findProof(at.ledger, 'f', person.userKey)).toBeNull();
    const kept = await findSweep(at.ledger, 'f', 's');
    expect(kept?.spec).toMatchObject({
      scope: { users: ['(erased)', 'ada@acme.example'] },
      rules: { protect: ['(erased)'] },
    });
    expect(await checkAudit(at.ledger)).toMatchObject({ intact: true, rows: 6, erased: 2 });

    expect(await erasePerson(at.ledger, person)).toEqual({ findings: 0, proofs: 0, sweeps: 0, auditRows: 0 });
    await keepProof(at.ledger, person.userKey, proof);
    expect(await findProof(at.ledger, 'f', person.userKey)).toBeNull();
  });
});
