// One installed package and its tokens -> its schema.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { csharp, moduleFormats } from '../overrides.mjs';
import { Declarations } from './declarations.mjs';
import { Layout } from './layout.mjs';
import { NamedTypes } from './named-types.mjs';
import { objectOf, sorted } from './objects.mjs';
import { resourceFacts } from './runtime.mjs';
import { ListError, isFunction, isProvider, lastPart } from './tokens.mjs';

/** The schema of the package, with the types its resources and functions reach. */
export function extractPackage(here, name, tokens) {
  const root = join(here, 'node_modules', '@pulumi', name);
  if (!existsSync(root)) {
    throw new ListError(`@pulumi/${name} is not installed; run: npm ci`);
  }

  const layout = new Layout(root, name);
  const types = new NamedTypes(root, layout);
  const schema = {
    name,
    version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    meta: { moduleFormat: moduleFormats[name] },
    language: { csharp: csharp[name] },
  };
  const resources = {};
  const functions = {};
  for (const entry of tokens) {
    const path = layout.fileOf(entry);
    const declarations = new Declarations(`${path}.d.ts`);
    if (isProvider(entry.token)) {
      schema.provider = extractResource(entry.token, 'Provider', declarations, path, types);
    } else if (isFunction(entry.token)) {
      functions[entry.token] = extractFunction(entry.token, declarations, types);
    } else {
      resources[entry.token] = extractResource(entry.token, lastPart(entry.token), declarations, path, types);
    }
  }

  schema.resources = sorted(resources);
  schema.functions = sorted(functions);
  schema.types = sorted(types.extractAll());
  checkNamespaces(schema);
  return schema;
}

// A namespace that is only guessed from the module would be wrong for half of them (AutoScaling, Rbac.V1).
function checkNamespaces({ name, meta, resources, functions, types }) {
  const format = new RegExp(meta.moduleFormat);
  const tokens = [resources, functions, types].flatMap(Object.keys);
  const modules = new Set(tokens.map(token => token.split(':')[1].match(format)?.[1]));
  const missing = [...modules].filter(module => module !== 'index' && csharp[name].namespaces[module] === undefined);
  if (missing.length > 0) {
    throw new ListError(`overrides.mjs does not say the official C# namespace of ${missing.sort().join(', ')} of @pulumi/${name}; add it to csharp.${name}.namespaces`);
  }
}

function extractResource(token, name, declarations, path, types) {
  const facts = resourceFacts(`${path}.js`);
  const outputs = declarations.find(name).members.filter(member => ts.isPropertyDeclaration(member) && !isStatic(member));
  const properties = objectOf(token, outputs, types.converter);
  for (const secret of facts.secretOutputs) {
    properties.properties[secret].secret = true;
  }
  for (const replaced of facts.replaceOnChanges) {
    properties.properties[replaced].replaceOnChanges = true;
  }

  const inputs = objectOf(token, declarations.find(`${name}Args`).members, types.converter, facts.inputs);
  const resource = {
    inputProperties: inputs.properties,
    requiredInputs: inputs.required,
    properties: properties.properties,
    required: properties.required,
  };
  const state = declarations.find(`${name}State`);
  if (state !== undefined) {
    const { properties: stateProperties } = objectOf(token, state.members, types.converter);
    for (const [key, input] of Object.entries(inputs.properties)) {
      if (input.secret && stateProperties[key] !== undefined) {
        stateProperties[key].secret = true;
      }
    }
    resource.stateInputs = { type: 'object', properties: stateProperties };
  }
  if (facts.aliases.length > 0) {
    resource.aliases = facts.aliases;
  }
  return resource;
}

function extractFunction(token, declarations, types) {
  const name = lastPart(token);
  const prefix = name[0].toUpperCase() + name.slice(1);
  const inputs = declarations.find(`${prefix}Args`);
  const extracted = {};
  if (inputs !== undefined) {
    extracted.inputs = { type: 'object', ...objectOf(token, inputs.members, types.converter) };
  }
  extracted.outputs = { type: 'object', ...objectOf(token, declarations.find(`${prefix}Result`).members, types.converter) };
  return extracted;
}

const isStatic = node => node.modifiers?.some(modifier => modifier.kind === ts.SyntaxKind.StaticKeyword);
