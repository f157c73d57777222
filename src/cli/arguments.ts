import { parseArgs } from 'node:util';
import type { ApiAccess } from './api-request.js';

export const usage = `Usage:
  org2org apply FILE [--id ID] [--watch]     set up what the specification says (ID: the file's name);
                                             with --watch the exit code is 1 where the setup stops
  org2org plan FILE [--id ID]                what would change; writes nothing
  org2org preflight FILE [--json]            can these two orgs be federated at all? Writes nothing; the exit code is
                                             1 where something stands in the way
  org2org adopt IDP SP [--json]              what is federated between these orgs already, as specifications
  org2org spec ID [--json]                   the specification as both orgs hold it now
  org2org status ID                          state, steps, gates
  org2org gates ID                           what a person must do now
  org2org answer ID GATE CHOICE --why TEXT   answer a gate; with --user LOGIN a gate of a user,
                                             with --rollout GROUP_ID one of a rollout
  org2org rotation start ID certificate | clientKey | tokenToOauth
          [--switch-after MINUTES] [--remove-after MINUTES]
  org2org rotation status ID                 the roll-over that runs, or the last one
  org2org rotation go-on | revoke ID --why TEXT
                                             ends its wait; takes it back
  org2org federation pause | resume ID --why TEXT
                                             turns the provisioning connection off, on again
  org2org federation end ID keep | suspend | deactivate --why TEXT
                                             ends the federation; what becomes of its users
  org2org verify ID [--json]                 shows by a canary that it works; the exit code is 1 unless it does
  org2org drift ID [--policy report|gate|mend] [--json]
                                             what differs from what was agreed, and who changed it; the exit code
                                             is 1 unless nothing does
  org2org live ID --why TEXT                 says that it is live without a verification; needs an approver
  org2org token new NAME --role ROLE…        a new API token and its line for the configuration

Users of the federation ID, by their login in the IdP org:
  org2org user ID LOGIN                      state, and the last transition step by step
  org2org onboard | update | suspend | resume | offboard | reactivate ID LOGIN
          [--profile NAME=VALUE…] [--assign-by direct|group] [--at TIME] [--reason TEXT] [--ticket TEXT]
          [--dry-run] [--watch]              TIME with its zone: 2027-01-31T18:00:00+01:00; --profile with
                                             onboard creates a user who is missing; with --watch the exit
                                             code is 1 unless it was carried out
  org2org move ID LOGIN NUMBER --at TIME     moves a planned transition
  org2org cancel ID LOGIN NUMBER             cancels a planned transition
  org2org proof ID LOGIN [--json]            what shows that a leaver is gone
  org2org diagnose ID LOGIN                  why can this user not get in? Writes nothing
  org2org batch ID FILE [--transition KIND] [--on-error stop|skip] [--dry-run] [--watch]
                                             moves many users: FILE is .csv or .ndjson, one row per user
  org2org rollout start ID GROUP [--dry-run] [--reason TEXT] [--ticket TEXT] [--watch]
                                             assigns a group of the IdP org, by name or id, and follows its members;
                                             with --watch the exit code is 1 unless everyone has arrived
  org2org rollout list ID                    the latest ones
  org2org rollout status ID GROUP_ID [--watch]
  org2org rollout cancel ID GROUP_ID         stops following; what was assigned stays

Sweeps of the federation ID: SP users whose right to be there has ended
  org2org sweep start ID [--mode report|enforce] [--file FILE] [--reason TEXT] [--ticket TEXT] [--watch]
                                             FILE: scope, rules and limits in YAML or JSON; with --watch until
                                             it has ended or waits for a person: the exit code is 1 unless it is done
  org2org sweep list ID                      the latest ones
  org2org sweep status ID SWEEP [--watch]    what was read, found and done, step by step
  org2org sweep findings ID SWEEP [--listed] [--kind KIND] [--outcome OUTCOME] [--json]
                                             --listed: only those on the list of actions; --json: one a line
  org2org sweep approve | reject ID SWEEP --digest DIGEST --why TEXT
  org2org sweep pause | resume | cancel ID SWEEP
  org2org sweep schedule ID show | set --file FILE | run | pause | resume | backfill --from TIME --to TIME | delete

Environment: ORG2ORG_API (http://127.0.0.1:8080), ORG2ORG_TOKEN`;

/** The command line is not one of those of the usage. */
export class WrongUsage extends Error {}

/** @throws WrongUsage */
export function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        id: { type: 'string' },
        why: { type: 'string' },
        user: { type: 'string' },
        rollout: { type: 'string' },
        role: { type: 'string', multiple: true },
        profile: { type: 'string', multiple: true },
        'assign-by': { type: 'string' },
        at: { type: 'string' },
        reason: { type: 'string' },
        ticket: { type: 'string' },
        transition: { type: 'string' },
        'on-error': { type: 'string' },
        mode: { type: 'string' },
        file: { type: 'string' },
        digest: { type: 'string' },
        kind: { type: 'string' },
        policy: { type: 'string' },
        outcome: { type: 'string' },
        listed: { type: 'boolean', default: false },
        from: { type: 'string' },
        to: { type: 'string' },
        'switch-after': { type: 'string' },
        'remove-after': { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        watch: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : undefined);
  }
}

export type Options = ReturnType<typeof readArguments>['values'];

/** Where the API is and who asks, from the environment. @throws WrongUsage */
export function apiAccess(): ApiAccess {
  const token = process.env.ORG2ORG_TOKEN;
  if (token === undefined || token === '') throw new WrongUsage('ORG2ORG_TOKEN is not set.');
  return { url: process.env.ORG2ORG_API ?? 'http://127.0.0.1:8080', token };
}
