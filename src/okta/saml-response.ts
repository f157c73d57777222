import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { readCertificate } from './certificate.js';

/** What a SAML response says, without the response: nothing of it could be used to sign in. */
export interface SamlResponseFacts {
  readonly issuer: string | null;
  readonly destination: string | null;
  readonly audience: string | null;
  readonly recipient: string | null;
  readonly nameId: string | null;
  readonly nameIdFormat: string | null;
  readonly notBefore: string | null;
  readonly notOnOrAfter: string | null;
  /** SHA-256 of the certificate in the signature, base64url: comparable with `x5t#S256`. */
  readonly certificateThumbprint: string | null;
  readonly signed: 'both' | 'response' | 'assertion' | 'none';
  /** Last part of the status code, for example `Success`. */
  readonly status: string | null;
}

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
});

/** An element's text, whether or not it has attributes. */
const Text = z
  .union([z.string(), z.looseObject({ '#text': z.string() }).transform((element) => element['#text'])])
  .nullish()
  .catch(null);
const Attribute = z.string().nullish();
const Signature = z
  .object({ KeyInfo: z.object({ X509Data: z.object({ X509Certificate: z.string() }) }).nullish() })
  .nullish();

const Document = z.object({
  Response: z.object({
    '@Destination': Attribute,
    Issuer: Text,
    Signature,
    Status: z.object({ StatusCode: z.object({ '@Value': Attribute }).nullish() }).nullish(),
    Assertion: z
      .object({
        Issuer: Text,
        Signature,
        Subject: z
          .object({
            NameID: z.union([z.string(), z.object({ '#text': z.string(), '@Format': Attribute })]).nullish(),
            SubjectConfirmation: z
              .object({ SubjectConfirmationData: z.object({ '@Recipient': Attribute }).nullish().catch(null) })
              .nullish(),
          })
          .nullish(),
        Conditions: z
          .object({
            '@NotBefore': Attribute,
            '@NotOnOrAfter': Attribute,
            AudienceRestriction: z.object({ Audience: Text }).nullish(),
          })
          .nullish()
          .catch(null),
      })
      .nullish(),
  }),
});

/** Reads the value of a form's `SAMLResponse` field; null if it is none. */
export function readSamlResponse(field: string): SamlResponseFacts | null {
  const xml = Buffer.from(field, 'base64').toString('utf8');
  if (xml.includes('<!DOCTYPE')) return null;
  try {
    const document = Document.safeParse(parser.parse(xml, true));
    return document.success ? facts(document.data.Response) : null;
  } catch {
    return null;
  }
}

function facts(response: z.output<typeof Document>['Response']): SamlResponseFacts {
  const { Assertion: assertion } = response;
  const nameId = assertion?.Subject?.NameID ?? null;
  const signature = assertion?.Signature ?? response.Signature;
  const certificate = signature?.KeyInfo?.X509Data.X509Certificate;
  return {
    issuer: assertion?.Issuer ?? response.Issuer ?? null,
    destination: response['@Destination'] ?? null,
    audience: assertion?.Conditions?.AudienceRestriction?.Audience ?? null,
    recipient: assertion?.Subject?.SubjectConfirmation?.SubjectConfirmationData?.['@Recipient'] ?? null,
    nameId: typeof nameId === 'string' ? nameId : (nameId?.['#text'] ?? null),
    nameIdFormat: typeof nameId === 'string' ? null : (nameId?.['@Format'] ?? null),
    notBefore: assertion?.Conditions?.['@NotBefore'] ?? null,
    notOnOrAfter: assertion?.Conditions?.['@NotOnOrAfter'] ?? null,
    certificateThumbprint: certificate === undefined ? null : thumbprint(certificate),
    signed: signedParts(response.Signature != null, assertion?.Signature != null),
    status: response.Status?.StatusCode?.['@Value']?.split(':').at(-1) ?? null,
  };
}

function thumbprint(certificate: string): string | null {
  try {
    return readCertificate(certificate).thumbprint;
  } catch {
    return null;
  }
}

function signedParts(response: boolean, assertion: boolean): SamlResponseFacts['signed'] {
  if (response && assertion) return 'both';
  if (response) return 'response';
  return assertion ? 'assertion' : 'none';
}
