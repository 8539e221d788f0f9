// SPDX-License-Identifier: AGPL-3.0-or-later
// api.mjs OPENAPI TABLES > src/lib/api.ts - types of what the server takes and gives: operations
// from its description, rows from src/app/tables.def.
import { readFileSync } from 'node:fs';

const [openapi, tables] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'));

function typeOf(schema, indent) {
  if (schema.enum) return schema.enum.map((word) => `'${word}'`).join(' | ');
  if (schema.type === 'integer') return 'number';
  if (schema.type === 'array') return `${typeOf(schema.items, indent)}[]`;
  if (schema.type !== 'object') return 'string';
  return `{\n${fieldsOf(schema, `${indent}  `)}${indent}}`;
}

function fieldsOf({ properties, required }, indent) {
  return Object.entries(properties).map(([name, schema]) => `${indent}/** ${schema.description} */\n`
    + `${indent}${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema, indent)};\n`).join('');
}

/** An operation: the parts of its address and the members of its body are its fields. */
function operation(address, method, about) {
  const parts = about.parameters.filter((p) => p.in === 'path');
  const body = about.requestBody.content['application/json'].schema;
  const schema = {
    properties: { ...Object.fromEntries(parts.map((p) => [p.name, p.schema])), ...body.properties },
    required: [...parts.map((p) => p.name), ...body.required],
  };
  const id = about.operationId;
  return {
    type: `  /** ${about.summary} */\n  '${id}': {\n${fieldsOf(schema, '    ')}  };\n`,
    way: `  '${id}': '${method.toUpperCase()} ${address.replace('/api', '')}',\n`,
  };
}

const operations = Object.entries(JSON.parse(openapi).paths).flatMap(([address, methods]) =>
  Object.entries(methods).filter(([, about]) => about.requestBody?.content['application/json'])
    .map(([method, about]) => operation(address, method, about)));

/** PL_COLUMN(table, column, kind, part, low, high, unit, help), over one line or several; the
 *  range may be a word that stands for two numbers. */
const COLUMN = /PL_COLUMN\((\w+), (\w+), (WHOLE|TEXT), (\w+), [^"]*"([^"]*)",\s*((?:"[^"]*"\s*)+)\)/g;
const rows = new Map();
let columns = 0;
for (const [, table, column, kind, part, unit, help] of tables.matchAll(COLUMN)) {
  const words = kind === 'TEXT' && unit.includes('|') ? [...unit.split('|'), ...(/empty/.test(help) ? [''] : [])].map((w) => `'${w}'`).join(' | ') : 'string';
  const said = help.replaceAll(/"\s*"|^"|"\s*$/g, '');
  const type = kind === 'WHOLE' ? 'number' : words;
  columns += 1;
  rows.set(table, `${rows.get(table) ?? ''}    /** ${said} */\n    ${column}${part === 'SEALED' ? '?' : ''}: ${type};\n`);
}

if (columns !== tables.match(/^PL_COLUMN\(/gm).length) throw new Error(`only ${columns} columns were understood`);

console.log(`// SPDX-License-Identifier: AGPL-3.0-or-later
// Made by tools/api.mjs from the server's description and src/app/tables.def; not to be edited.

/** Fields of every operation. */
export interface Operations {
${operations.map((o) => o.type).join('')}}

/** Where each operation is done. */
export const ways: Record<keyof Operations, string> = {
${operations.map((o) => o.way).join('')}};

/** Rows of the record's tables. */
export interface Rows {
${[...rows].map(([table, columns]) => `  ${table}: {\n${columns}  };\n`).join('')}}`);
