import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Json } from '../core/records.js';
import { asObject, isObject } from '../core/routing.js';
import { isExcepted } from './exceptions.js';
import { type SchemaUse, schemaFor } from './openapi-schema.js';
import { sharedDirectory } from './recordings.js';

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly parameters: number;
  readonly definition: Json;
  /** Its parameters, those of the path and of the query. */
  readonly described: readonly unknown[];
}

/** Okta's description of its Management API as a judge of requests and answers. */
export class OpenApi {
  readonly #document: Json;
  readonly #operations: Operation[];
  readonly #ajv: Ajv;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: Json) {
    this.#document = document;
    this.#ajv = new Ajv({ strict: false, allErrors: true, logger: false, inlineRefs: false });
    // The types of ajv-formats describe a CommonJS module.
    (addFormats as unknown as (ajv: Ajv) => void)(this.#ajv);
    for (const format of ['int32', 'int64', 'float', 'double', 'password', 'csv', 'binary', 'byte'])
      this.#ajv.addFormat(format, true);
    for (const use of ['request', 'response'] as const) {
      this.#ajv.addSchema({ $id: use, definitions: definitionsOf(document, use) });
    }
    this.#operations = operationsOf(document);
  }

  /** Operation id of a call; undefined if the description does not have it. */
  operationOf(method: string, requestPath: string): string | undefined {
    return this.#find(method, requestPath)?.id;
  }

  /** What is wrong with a request: empty if nothing is, or if the description does not have the operation. */
  checkRequest(method: string, requestPath: string, body: unknown): string[] {
    const found = this.#find(method, requestPath);
    if (found === undefined) return [];
    const content = asObject(this.#resolve(found.definition.requestBody).content);
    const schema = firstSchema(content);
    if (schema === undefined)
      return body === undefined || body === null || isEmptyObject(body)
        ? []
        : [`${found.id}: a body where none is described`];
    return this.#check(`${found.id} request`, schema, 'request', body ?? {}, found.id, 0);
  }

  /** What is wrong with the query of a request: parameters that are not described, or values that do not fit. */
  checkQuery(method: string, address: string): string[] {
    const found = this.#find(method, address);
    if (found === undefined) return [];
    const sent = new URLSearchParams(address.replace(/^[^?]*\??/, ''));
    return [...sent].flatMap(([name, text]) => {
      const key = `${found.id} query ${name}`;
      const parameter = found.described.map((entry) => this.#resolve(entry)).find((entry) => entry.name === name);
      if (parameter === undefined) return [`${key}: is not described`];
      const { type } = asObject(parameter.schema);
      const value = type === 'integer' ? Number(text) : type === 'boolean' ? /^(true|false)$/.test(text) || text : text;
      return this.#check(key, parameter.schema, 'request', value, found.id, 0);
    });
  }

  /**
   * What is wrong with an answer: empty if nothing is. Nulls count as absent: Okta's own answers have them where its
   * description knows none. Where a recording contradicts the description, the exceptions say so.
   */
  checkResponse(method: string, requestPath: string, status: number, body: unknown): string[] {
    const found = this.#find(method, requestPath);
    if (found === undefined) return [];
    const responses = asObject(found.definition.responses);
    const described = responses[String(status)] ?? responses.default;
    if (described === undefined)
      return status < 400 && !isExcepted(found.id, status, 'status') ? [`${found.id}: ${status} is not described`] : [];
    const schema = firstSchema(asObject(this.#resolve(described).content));
    if (schema === undefined || body === undefined) return [];
    if (typeof body === 'string') return [];
    return this.#check(`${found.id} response ${status}`, schema, 'response', body, found.id, status);
  }

  #check(key: string, schema: unknown, use: SchemaUse, body: unknown, operation: string, status: number): string[] {
    let validate = this.#validators.get(key);
    if (validate === undefined) {
      validate = this.#ajv.compile(asObject(schemaFor(schema, use, true)));
      this.#validators.set(key, validate);
    }
    if (validate(withoutNulls(body))) return [];
    return (validate.errors ?? [])
      .filter(
        (error) =>
          error.keyword !== 'if' && !isExcepted(operation, status, `${error.instancePath} ${error.message ?? ''}`),
      )
      .map((error) => `${key}${describe(error)}`);
  }

  #find(method: string, requestPath: string): Operation | undefined {
    const clean = requestPath.replace(/\?.*$/, '').replace(/(.)\/$/, '$1');
    return this.#operations.find((entry) => entry.method === method.toUpperCase() && entry.pattern.test(clean));
  }

  #resolve(value: unknown): Json {
    const object = asObject(value);
    if (typeof object.$ref !== 'string') return object;
    return object.$ref
      .split('/')
      .slice(1)
      .reduce<Json>((part, name) => asObject(part[name]), this.#document);
  }
}

/** Reads Okta's API description. Undefined where it is not at hand. */
export function readOpenApi(): OpenApi | undefined {
  const file = path.join(sharedDirectory(), 'okta-data/openapi/okta-trim-oneOf-2026.06.3.json');
  if (!existsSync(file)) return undefined;
  return new OpenApi(asObject(JSON.parse(readFileSync(file, 'utf8'))));
}

function definitionsOf(document: Json, use: SchemaUse): Json {
  const schemas = asObject(asObject(document.components).schemas);
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, schemaFor(schema, use, false)]));
}

function operationsOf(document: Json): Operation[] {
  const operations = Object.entries(asObject(document.paths)).flatMap(([template, item]) =>
    methods.flatMap((method): Operation[] => {
      const definition = asObject(item)[method];
      if (!isObject(definition)) return [];
      return [
        {
          id: String(definition.operationId),
          method: method.toUpperCase(),
          pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`),
          parameters: template.split('{').length,
          definition,
          described: [asObject(item).parameters, definition.parameters].flatMap((list) =>
            Array.isArray(list) ? list : [],
          ),
        },
      ];
    }),
  );
  return operations.sort((a, b) => a.parameters - b.parameters);
}

function firstSchema(content: Json): unknown {
  const media = content['application/json'] ?? Object.values(content)[0];
  return asObject(media).schema;
}

function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, entry]) =>
      entry === null || entry === undefined ? [] : [[name, withoutNulls(entry)]],
    ),
  );
}

function describe(error: ErrorObject): string {
  const detail = error.keyword === 'additionalProperties' ? ` (${String(error.params.additionalProperty)})` : '';
  const allowed = error.keyword === 'enum' ? ` ${JSON.stringify(error.params.allowedValues).slice(0, 80)}` : '';
  return `${error.instancePath}: ${error.message ?? error.keyword}${detail}${allowed}`;
}
