import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { type Certificate, readCertificate } from './certificate.js';

/** What a SAML identity provider's metadata says: the guide's issuer, sign-on URL and certificate. */
export interface SamlMetadata extends Certificate {
  /** `entityID`. */
  readonly issuer: string;
  /** Sign-on URL for the binding HTTP-POST, or for HTTP-Redirect if there is no other. */
  readonly ssoUrl: string;
  readonly nameIdFormats: readonly string[];
}

const repeated = ['KeyDescriptor', 'NameIDFormat', 'SingleSignOnService', 'X509Certificate'];

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => repeated.includes(name),
});

const Descriptor = z.object({
  EntityDescriptor: z.object({
    '@entityID': z.string().min(1),
    IDPSSODescriptor: z.object({
      KeyDescriptor: z
        .array(
          z.object({
            '@use': z.enum(['signing', 'encryption']).optional(),
            KeyInfo: z.object({ X509Data: z.object({ X509Certificate: z.array(z.string()).min(1) }) }),
          }),
        )
        .min(1),
      NameIDFormat: z.array(z.string()).default([]),
      SingleSignOnService: z.array(z.object({ '@Binding': z.string(), '@Location': z.string().min(1) })).min(1),
    }),
  }),
});

function parse(xml: string): SamlMetadata {
  if (xml.includes('<!DOCTYPE')) throw new Error('a document type is not accepted');
  const { EntityDescriptor: entity } = Descriptor.parse(parser.parse(xml, true));
  const { KeyDescriptor: keys, NameIDFormat: nameIdFormats, SingleSignOnService: services } = entity.IDPSSODescriptor;
  const signing = keys.find((key) => key['@use'] !== 'encryption');
  const service = services.find((each) => each['@Binding'].endsWith(':HTTP-POST')) ?? services[0];
  const certificate = signing?.KeyInfo.X509Data.X509Certificate[0];
  if (service === undefined || certificate === undefined) throw new Error('no signing certificate');
  return { issuer: entity['@entityID'], ssoUrl: service['@Location'], nameIdFormats, ...readCertificate(certificate) };
}

/** Schema of the metadata document: XML in, {@link SamlMetadata} out. */
export const SamlMetadataXml = z.string().transform((xml, context): SamlMetadata => {
  try {
    return parse(xml);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not the SAML metadata of an identity provider' });
    return z.NEVER;
  }
});
