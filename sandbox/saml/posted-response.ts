import { z } from 'zod';
import { invalidMessage } from './refusal.js';

/** Bytes that a posted form may have; more is answered with 413. */
export const maximumForm = 1024 * 1024;

const Form = z.object({ SAMLResponse: z.string().min(1), RelayState: z.string().default('') });

/**
 * The fields of a form that carries a SAML Response.
 * @throws SignOnRefused
 */
export function postedResponse(body: unknown): z.output<typeof Form> {
  const form = Form.safeParse(body);
  if (!form.success) throw invalidMessage('the form has no single SAMLResponse field');
  return form.data;
}
