/** The JSON Schema editors use: fresh, described at every field, and pointed at by every environment. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { schemaAt } from './allowed.ts';
import { environmentJsonSchema, type JsonSchema, renderJsonSchema } from './json-schema.ts';

const folder = import.meta.dirname;
const generated = path.join(folder, 'schema', 'environment.schema.json');

test('environment.schema.json is what the zod schema gives', () => {
  assert.equal(
    readFileSync(generated, 'utf8'),
    renderJsonSchema(),
    'environments/schema/environment.schema.json is stale: renew it with `npm run schema` and commit it',
  );
});

test('every field has a description for the editor, and every object refuses unknown keys', () => {
  const visit = (node: JsonSchema, at: string): string[] => [
    ...(at !== '' && node.description === undefined ? [`${at} has no description`] : []),
    ...(node.type === 'object' && node.additionalProperties !== false ? [`${at} takes unknown keys`] : []),
    ...Object.entries(node.properties ?? {}).flatMap(([key, inner]) => visit(inner as JsonSchema, `${at}.${key}`)),
    // A choice of null is described once, above it.
    ...(node.anyOf ?? []).flatMap((inner) => visit({ description: node.description, ...(inner as JsonSchema) }, at)),
  ];

  assert.deepEqual(visit(environmentJsonSchema(), ''), []);
});

test('what has a default may be left out, and $schema may stand', () => {
  const schema = environmentJsonSchema();
  const freeze = schemaAt(schema, ['promotion', 'freeze']);
  assert.ok(freeze);

  assert.deepEqual(
    freeze.anyOf?.map((choice) => typeof choice === 'object' && choice.required),
    [['timeZone', 'windows'], undefined],
  );
  assert.ok(schema.properties?.['$schema']);
});

test('every shipped environment points its editor at the schema', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const { $schema } = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    assert.equal(path.resolve(folder, $schema), generated, file);
  }
});
