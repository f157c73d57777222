import { createHash, createHmac } from 'node:crypto';
import { fetch } from 'undici';
import type { AlarmSettings } from '../config/alarm-settings.js';
import type { Secrets } from '../config/secrets.js';
import type { AlarmEvent } from '../domain/alarm.js';
import { Org2OrgError } from '../domain/errors.js';
import type { TellAlarm } from './create-alarm-activities.js';

/** How long the webhook may take to answer, in milliseconds. */
const withinMs = 10_000;

/** The same for an event that is sent again. */
function idOf({ event, at, alarm }: AlarmEvent): string {
  return createHash('sha256')
    .update(JSON.stringify([event, at, alarm.id]))
    .digest('hex')
    .slice(0, 32);
}

/** `t=<seconds since 1970>,v1=<HMAC-SHA256 in hex of "<t>.<body>">`: the receiver checks both, and that t is recent. */
function alarmSignature(secret: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/**
 * Posts events to the configured webhook, signed with its secret; never follows a redirection. Tells nobody where none
 * is configured.
 *
 * @throws Org2OrgError `O2O_ALARM_NOT_TAKEN` (retryable), `O2O_SECRET_MISSING`
 */
export function alarmWebhook({ webhook }: AlarmSettings, secrets: Secrets): TellAlarm {
  return async (event) => {
    if (webhook === undefined) return;
    const body = JSON.stringify({ id: idOf(event), ...event });
    const seconds = Math.floor(Date.now() / 1000);
    const signature = alarmSignature(await secrets(webhook.secret, 'alarms'), seconds, body);
    const answer = await fetch(webhook.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'org2org-signature': signature },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(withinMs),
    }).catch((cause: unknown) => {
      throw new Org2OrgError('O2O_ALARM_NOT_TAKEN', { detail: 'it cannot be reached' }, { cause });
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Org2OrgError('O2O_ALARM_NOT_TAKEN', { detail: `status ${answer.status}` });
  };
}
