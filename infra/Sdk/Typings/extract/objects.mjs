// The members of an interface or class -> properties and required names, in stable order.
import ts from 'typescript';
import { doubles, json, nestedSecrets, propertyNames, taken } from '../overrides.mjs';

/** Members as schema properties; `facts` adds what the JavaScript says of each. */
export function objectOf(token, members, converter, facts = {}) {
  const properties = {};
  const required = [];
  for (const member of members) {
    const name = member.name.text;
    if (taken[token]?.includes(name) === false) {
      continue;
    }
    const { schema, optional } = converter.property(member);
    properties[name] = Object.assign(overridden(token, name, schema), facts[name], deprecation(member));
    if (!optional) {
      required.push(name);
    }
  }
  // A constant that the typings leave out of the arguments (Helm's `compat`) is still sent.
  for (const [name, fact] of Object.entries(facts)) {
    if (properties[name] === undefined && fact.const !== undefined) {
      properties[name] = { type: 'string', ...fact };
    }
  }
  return { properties: sorted(properties), required: required.sort() };
}

function overridden(token, name, schema) {
  const result = json[token]?.includes(name) ? { $ref: 'pulumi.json#/Json' } : schema;
  if (doubles[token]?.includes(name)) {
    result.type = 'number';
  }
  if (nestedSecrets[token]?.includes(name)) {
    result.secret = true;
  }
  const renamed = propertyNames[token]?.[name];
  return renamed === undefined ? result : Object.assign(result, { language: { csharp: { name: renamed } } });
}

// Needed as text: whoever uses the property should see the same compiler warning as with the official package.
function deprecation(member) {
  const tag = ts.getJSDocDeprecatedTag(member);
  return tag === undefined ? {} : { deprecationMessage: ts.getTextOfJSDocComment(tag.comment)?.replace(/\s+/g, ' ').trim() || 'deprecated' };
}

/** The same object with its keys in ordinal order. */
export function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
