// What k6 is asked to do beside `hotseat load`: URL, SECONDS, and either RATE or CLIENTS.
import http from 'k6/http';

const duration = `${__ENV.SECONDS}s`;
const open = { executor: 'constant-arrival-rate', rate: Number(__ENV.RATE), timeUnit: '1s', preAllocatedVUs: 256, maxVUs: 1024 };
const closed = { executor: 'constant-vus', vus: Number(__ENV.CLIENTS) };

export const options = {
  scenarios: { load: { ...(__ENV.RATE ? open : closed), duration } },
  summaryTrendStats: ['p(99)'],
  discardResponseBodies: true,
};

export default function () {
  http.get(__ENV.URL);
}

export function handleSummary(data) {
  const { http_reqs, http_req_failed, http_req_duration } = data.metrics;
  const answered = Math.round(http_reqs.values.count * (1 - http_req_failed.values.rate));
  return { stdout: JSON.stringify({ answered, p99_ms: http_req_duration.values['p(99)'] }) };
}
