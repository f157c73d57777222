import type { Json } from '../core/records.js';
import { isObject } from '../core/routing.js';

/** Requests need not carry what only answers have, and the other way round. */
export type SchemaUse = 'request' | 'response';

/** Words of OpenAPI that say nothing about validity, or that JSON Schema does not know. */
const dropped = new Set([
  'example',
  'examples',
  'discriminator',
  'nullable',
  'readOnly',
  'writeOnly',
  'deprecated',
  'externalDocs',
  'xml',
  'description',
  'title',
  'default',
]);

/**
 * A schema of OpenAPI 3.0 as JSON Schema. Unions with a discriminator become one `if` per value, so that a failure names
 * the variant that was meant; schemas that others inherit from are judged by the variant that the body names.
 *
 * @param top true for the schema of a body: a variant by discriminator is looked for there
 */
export function schemaFor(schema: unknown, use: SchemaUse, top: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((entry) => schemaFor(entry, use, false));
  if (!isObject(schema)) return schema;
  if (typeof schema.$ref === 'string') return { $ref: reference(schema.$ref, use) };
  const result: Json = {};
  for (const [word, value] of Object.entries(schema)) {
    if (dropped.has(word)) continue;
    result[word] = converted(word, value, schema, use, top);
  }
  return nullable(schema, withVariants(schema, result, use));
}

function reference(text: string, use: SchemaUse): string {
  return text.replace('#/components/schemas/', `${use}#/definitions/`);
}

function converted(word: string, value: unknown, schema: Json, use: SchemaUse, top: boolean): unknown {
  switch (word) {
    case 'properties':
      return isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, schemaFor(entry, use, false)]))
        : value;
    case 'enum':
      return Array.isArray(value) ? [...new Set(value)] : value;
    case 'required':
      return Array.isArray(value) ? value.filter((name) => isNeeded(schema, String(name), use)) : value;
    case 'type':
    case 'format':
    case 'pattern':
      return value;
    default:
      return schemaFor(value, use, top && word === 'items');
  }
}

/** A property that is read-only need not be sent, one that is write-only need not come back. */
function isNeeded(schema: Json, name: string, use: SchemaUse): boolean {
  const property = isObject(schema.properties) ? schema.properties[name] : undefined;
  if (!isObject(property)) return true;
  return use === 'request' ? property.readOnly !== true : property.writeOnly !== true;
}

function withVariants(schema: Json, result: Json, use: SchemaUse): Json {
  const { discriminator } = schema;
  if (!isObject(discriminator) || !isObject(discriminator.mapping)) return result;
  if (schema.oneOf === undefined && schema.anyOf === undefined) return result;
  const name = String(discriminator.propertyName);
  const { oneOf: _oneOf, anyOf: _anyOf, ...rest } = result;
  const variants = Object.entries(discriminator.mapping).map(([value, target]) => ({
    if: { type: 'object', properties: { [name]: { const: value } }, required: [name] },
    // biome-ignore lint/suspicious/noThenProperty: `then` is a word of JSON Schema
    then: { $ref: reference(String(target), use) },
  }));
  return { ...rest, allOf: [...(Array.isArray(rest.allOf) ? rest.allOf : []), ...variants] };
}

function nullable(schema: Json, result: Json): Json {
  if (schema.nullable !== true) return result;
  if (typeof result.type === 'string') {
    const allowed = Array.isArray(result.enum) ? { enum: [...result.enum, null] } : {};
    return { ...result, ...allowed, type: [result.type, 'null'] };
  }
  return { anyOf: [result, { type: 'null' }] };
}
