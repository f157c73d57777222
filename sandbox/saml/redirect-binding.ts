import { createSign } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { AuthnRequestRefused } from './authn-request.js';
import { type SignatureAlgorithm, signatureAlgorithms } from './names.js';

/** A message may not be longer than this once it is inflated, in bytes. */
export const maximumInflated = 64 * 1024;

export interface QuerySignature {
  readonly privateKey: string;
  readonly algorithm: SignatureAlgorithm;
}

/** The address that carries an AuthnRequest by the Redirect binding, signed if a signature is asked for. */
export function redirectUrl(
  target: string,
  xml: string,
  relayState: string | null,
  signature: QuerySignature | null,
): string {
  const fields: [string, string][] = [['SAMLRequest', deflateRawSync(xml).toString('base64')]];
  if (relayState !== null) fields.push(['RelayState', relayState]);
  if (signature !== null) fields.push(['SigAlg', signatureAlgorithms[signature.algorithm].signature]);
  let query = fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  if (signature !== null) {
    const signer = createSign(signature.algorithm === 'SHA-1' ? 'RSA-SHA1' : 'RSA-SHA256').update(query);
    query += `&Signature=${encodeURIComponent(signer.sign(signature.privateKey, 'base64'))}`;
  }
  return `${target}${target.includes('?') ? '&' : '?'}${query}`;
}

/**
 * The XML in a `SAMLRequest` parameter of the Redirect binding.
 * @throws AuthnRequestRefused if it is no deflated message or inflates to more than `maximumInflated`
 */
export function inflatedMessage(parameter: string): string {
  try {
    return inflateRawSync(Buffer.from(parameter, 'base64'), { maxOutputLength: maximumInflated }).toString('utf8');
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    throw new AuthnRequestRefused(
      tooLarge ? `the request inflates to more than ${maximumInflated} bytes` : 'the request is not a deflated message',
    );
  }
}
