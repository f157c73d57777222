import { bindings, metadataNamespace, nameIdFormats, protocolNamespace, signatureNamespace } from './names.js';
import { escapeMarkup } from './xml.js';
import { certificateLines } from './xml-signature.js';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

/** SAML metadata of an app: who signs, with which certificate, and where sign-on starts. */
export function appMetadata(app: {
  issuer: string;
  ssoUrl: string;
  certificate: string;
  nameIdFormat: string;
}): string {
  const service = (binding: string) =>
    `<md:SingleSignOnService Binding="${binding}" Location="${escapeMarkup(app.ssoUrl)}"/>`;
  return (
    `${declaration}<md:EntityDescriptor entityID="${escapeMarkup(app.issuer)}" xmlns:md="${metadataNamespace}">` +
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="${protocolNamespace}">` +
    `${keyDescriptor('signing', app.certificate)}${nameIds(app.nameIdFormat)}` +
    `${service(bindings['HTTP-POST'])}${service(bindings['HTTP-REDIRECT'])}` +
    '</md:IDPSSODescriptor></md:EntityDescriptor>'
  );
}

/** An app that names no format offers mail addresses too. */
function nameIds(format: string): string {
  const formats = format === nameIdFormats.unspecified ? [format, nameIdFormats.emailAddress] : [format];
  return formats.map((entry) => `<md:NameIDFormat>${escapeMarkup(entry)}</md:NameIDFormat>`).join('');
}

/** SAML metadata of a service provider: what an identity provider object of an org looks like from outside. */
export function serviceProviderMetadata(provider: {
  audience: string;
  acsUrl: string;
  certificate: string;
  name: string;
  orgName: string;
}): string {
  const requested = (name: string, friendlyName: string, required: boolean) =>
    `<md:RequestedAttribute FriendlyName="${friendlyName}" Name="${name}"` +
    ` NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" isRequired="${required}"/>`;
  return (
    `${declaration}<md:EntityDescriptor entityID="${escapeMarkup(provider.audience)}" xmlns:md="${metadataNamespace}">` +
    '<md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true"' +
    ` protocolSupportEnumeration="${protocolNamespace}">` +
    keyDescriptor('encryption', provider.certificate) +
    keyDescriptor('signing', provider.certificate) +
    Object.values(nameIdFormats)
      .map((format) => `<md:NameIDFormat>${format}</md:NameIDFormat>`)
      .join('') +
    `<md:AssertionConsumerService Binding="${bindings['HTTP-POST']}" Location="${escapeMarkup(provider.acsUrl)}"` +
    ' index="0" isDefault="true"/><md:AttributeConsumingService index="0">' +
    `<md:ServiceName xml:lang="en">${escapeMarkup(provider.name)}</md:ServiceName>` +
    requested('firstName', 'First Name', true) +
    requested('lastName', 'Last Name', true) +
    requested('email', 'Email', true) +
    requested('mobilePhone', 'Mobile Phone', false) +
    '</md:AttributeConsumingService></md:SPSSODescriptor><md:Organization>' +
    `<md:OrganizationName xml:lang="en">${escapeMarkup(provider.orgName)}</md:OrganizationName>` +
    `<md:OrganizationDisplayName xml:lang="en">${escapeMarkup(provider.orgName)}</md:OrganizationDisplayName>` +
    '<md:OrganizationURL xml:lang="en">https://www.okta.com</md:OrganizationURL></md:Organization></md:EntityDescriptor>'
  );
}

function keyDescriptor(use: 'signing' | 'encryption', certificate: string): string {
  return (
    `<md:KeyDescriptor use="${use}"><ds:KeyInfo xmlns:ds="${signatureNamespace}"><ds:X509Data><ds:X509Certificate>` +
    `${certificateLines(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
  );
}
