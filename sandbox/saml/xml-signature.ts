import { SignedXml } from 'xml-crypto';
import {
  envelopedSignature,
  exclusiveCanonicalization,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './names.js';

/** What a SAML message is signed with. */
export interface SigningKey {
  /** PEM, PKCS #8. */
  readonly privateKey: string;
  /** Base64 DER, as in `x5c[0]`. */
  readonly certificate: string;
}

/**
 * Signs the element with this ID and puts the signature after the element's own Issuer, with the certificate in its
 * KeyInfo: enveloped, exclusive canonicalization with the prefix `xs` inclusive, as Okta does.
 */
export function signElement(xml: string, id: string, key: SigningKey, algorithm: SignatureAlgorithm): string {
  const names = signatureAlgorithms[algorithm];
  const signed = new SignedXml({
    privateKey: key.privateKey,
    signatureAlgorithm: names.signature,
    canonicalizationAlgorithm: exclusiveCanonicalization,
    getKeyInfoContent: () =>
      `<ds:X509Data><ds:X509Certificate>${certificateLines(key.certificate)}</ds:X509Certificate></ds:X509Data>`,
  });
  const element = `//*[@ID='${id}']`;
  signed.addReference({
    xpath: element,
    digestAlgorithm: names.digest,
    transforms: [envelopedSignature, exclusiveCanonicalization],
    inclusiveNamespacesPrefixList: ['xs'],
  });
  signed.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${element}/*[local-name()='Issuer']`, action: 'after' },
  });
  return signed.getSignedXml();
}

/** Base64 DER in lines of 76 characters, as Okta prints certificates in XML. */
export function certificateLines(certificate: string): string {
  return (
    certificate
      .replaceAll(/\s/g, '')
      .match(/.{1,76}/g)
      ?.join('\n') ?? ''
  );
}

/** Base64 DER as PEM. */
export function certificatePem(certificate: string): string {
  const lines =
    certificate
      .replaceAll(/\s/g, '')
      .match(/.{1,64}/g)
      ?.join('\n') ?? '';
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
