import type { MetricMeter } from '@temporalio/common';
import type { RateObserver } from '../okta/rate-governor.js';

/** Metrics of what the governor of one org does, beside those of Temporal's SDK. */
export function rateMetrics(meter: MetricMeter, org: string): RateObserver {
  const admitted = meter.createCounter('org2org_okta_requests', undefined, 'Requests to Okta');
  const waited = meter.createHistogram('org2org_okta_wait', 'int', 'ms', 'What a request waited for its turn');
  const putOff = meter.createCounter('org2org_okta_put_off', undefined, 'Requests whose turn came too late');
  const limit = meter.createGauge('org2org_okta_limit', 'int', undefined, "Limit of the bucket by Okta's headers");
  const used = meter.createGauge('org2org_okta_used', 'int', undefined, 'Used in this window, by everybody');
  return {
    admitted(bucket, priority, waitedMs) {
      const tags = { org, bucket, priority };
      admitted.add(1, tags);
      waited.record(Math.round(waitedMs), tags);
    },
    putOff: (bucket, priority) => putOff.add(1, { org, bucket, priority }),
    budget(bucket, limitNow, usedNow) {
      limit.set(limitNow, { org, bucket });
      used.set(usedNow, { org, bucket });
    },
  };
}
