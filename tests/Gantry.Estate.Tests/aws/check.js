// Reads [{"name": "...", "model": "...", "input": {...}}, ...] from stdin and writes what AWS's model of each request has against its input, a line each: fields
// that it does not know, types that differ, fields that are missing. Ends with the number of inputs that it looked at.
'use strict';
const { NormalizedSchema } = require('@smithy/core/schema');
const models = { ...require('@aws-sdk/client-ecs'), ...require('@aws-sdk/client-lambda') };

function check(schema, value, path, problems) {
  const say = (words) => problems.push(`${path}: ${words}`);
  if (schema.isStructSchema()) {
    if (typeof value !== 'object' || Array.isArray(value)) return say('expected an object');
    const members = schema.getMemberSchemas();
    for (const [name, inner] of Object.entries(value)) {
      if (members[name]) check(members[name], inner, `${path}.${name}`, problems);
      else say(`has no member ${name}`);
    }
    const required = schema.getSchema()[6] ?? 0;
    for (const name of Object.keys(members).slice(0, required)) if (!(name in value)) say(`needs ${name}`);
  } else if (schema.isListSchema()) {
    if (!Array.isArray(value)) return say('expected a list');
    value.forEach((item, i) => check(schema.getValueSchema(), item, `${path}[${i}]`, problems));
  } else if (schema.isMapSchema()) {
    if (typeof value !== 'object' || Array.isArray(value)) return say('expected a map');
    for (const [name, inner] of Object.entries(value)) check(schema.getValueSchema(), inner, `${path}.${name}`, problems);
  } else if (schema.isBooleanSchema()) {
    if (typeof value !== 'boolean') say('expected a truth value');
  } else if (schema.isNumericSchema()) {
    if (typeof value !== 'number') say('expected a number');
  } else if (schema.isStringSchema() && typeof value !== 'string') say('expected text');
}

const problems = [];
const asked = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
for (const { name, model, input } of asked) check(NormalizedSchema.of(models[`${model}$`]), input, `${name}: ${model}`, problems);
console.log([...problems, asked.length].join('\n'));
