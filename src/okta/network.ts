import { type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** Larger than any list of Okta. */
export const longestAnswerBytes = 64 * 1024 * 1024;

const thisMachine = 'localhost,127.0.0.1,::1,[::1]';

/**
 * The way to the network: keeps connections open, uses the proxy of `HTTPS_PROXY` and `HTTP_PROXY` except for
 * `NO_PROXY` and this machine, and ends an answer that is larger than any list of Okta.
 */
export function openNetwork(requestTimeoutMs: number): Dispatcher {
  const exempt = process.env.no_proxy ?? process.env.NO_PROXY ?? '';
  return new EnvHttpProxyAgent({
    noProxy: exempt.trim() === '*' ? '*' : `${exempt},${thisMachine}`,
    connect: { timeout: requestTimeoutMs },
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
    maxResponseSize: longestAnswerBytes,
  });
}
