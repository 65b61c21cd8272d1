// What only the JavaScript beside the typings says: which inputs are secret, constant or have defaults, aliases,
// additional secret outputs, properties that force a replacement.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** The facts in the constructor of a resource. */
export function resourceFacts(path) {
  const facts = { inputs: {}, aliases: [], secretOutputs: [], replaceOnChanges: [] };
  walk(parse(path), node => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      readAssignment(node, facts.inputs);
    } else if (ts.isPropertyAssignment(node) && ts.isArrayLiteralExpression(node.initializer)) {
      const items = node.initializer.elements;
      switch (nameOf(node)) {
        case 'aliases':
          facts.aliases = items.map(item => ({ type: item.properties.find(p => nameOf(p) === 'type').initializer.text }));
          break;
        case 'additionalSecretOutputs':
          facts.secretOutputs = items.map(item => item.text);
          break;
        case 'replaceOnChanges':
          facts.replaceOnChanges = items.map(item => item.text);
          break;
      }
    }
  });
  return facts;
}

/** Type name -> property -> default, from the `xProvideDefaults` functions of types/input.js. */
export function typeDefaults(path) {
  const defaults = {};
  for (const node of parse(path).statements) {
    if (!ts.isFunctionDeclaration(node) || !node.name.text.endsWith('ProvideDefaults')) {
      continue;
    }
    const found = {};
    walk(node, inner => {
      if (ts.isPropertyAssignment(inner)) {
        Object.assign(found, defaultFacts(nameOf(inner), inner.initializer));
      }
    });
    defaults[node.name.text.slice(0, -'ProvideDefaults'.length).toLowerCase()] = found;
  }
  return defaults;
}

function parse(path) {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, false);
}

// resourceInputs["x"] = <something about args.x>; the state branch of the constructor speaks of `state` and is skipped.
function readAssignment({ left, right }, inputs) {
  if (!ts.isElementAccessExpression(left) || left.expression.text !== 'resourceInputs') {
    return;
  }
  const name = left.argumentExpression.text;
  if (ts.isStringLiteral(right)) {
    inputs[name] = { ...inputs[name], const: right.text };
    return;
  }
  if (isMethodCall(right, 'secret') || (ts.isConditionalExpression(right) && isMethodCall(right.whenTrue, 'secret'))) {
    inputs[name] = { ...inputs[name], secret: true };
  }
  Object.assign(inputs, defaultFacts(name, right, inputs[name]));
}

function defaultFacts(name, expression, known = {}) {
  let facts;
  walk(expression, node => {
    if (facts === undefined && ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      facts = { ...known, ...readDefault(node.right, name) };
    }
  });
  return facts === undefined ? {} : { [name]: facts };
}

function readDefault(node, name) {
  if (ts.isParenthesizedExpression(node)) {
    return readDefault(node.expression, name);
  }
  if (ts.isBinaryExpression(node)) {
    return { ...readDefault(node.left, name), ...readDefault(node.right, name) };
  }
  if (ts.isCallExpression(node)) {
    return { defaultInfo: { environment: node.arguments.map(argument => argument.text) } };
  }
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword: return { default: true };
    case ts.SyntaxKind.FalseKeyword: return { default: false };
    case ts.SyntaxKind.StringLiteral: return { default: node.text };
    case ts.SyntaxKind.NumericLiteral: return { default: Number(node.text) };
    default: throw new Error(`the default of ${name} is in a form this script does not know`);
  }
}

function isMethodCall(node, method) {
  return ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === method;
}

const nameOf = node => node.name?.text;

function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, child => walk(child, visit));
}
