// A type of the typings -> a type of the schema.
import ts from 'typescript';

/** Converts type nodes; every named type met is handed to `onType(kind, namespaces, name)`, which answers with its token. */
export class TypeConverter {
  #onType;

  constructor(onType) {
    this.#onType = onType;
  }

  /** The schema of a property, and whether it may be left out. */
  property(node) {
    let optional = node.questionToken !== undefined;
    const inner = unwrap(node.type);
    if (ts.isUnionTypeNode(inner) && inner.types.some(isUndefined)) {
      optional = true;
    }
    return { schema: this.convert(node.type), optional };
  }

  convert(outer) {
    const node = unwrap(outer);
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword: return { type: 'string' };
      case ts.SyntaxKind.NumberKeyword: return { type: 'integer' };
      case ts.SyntaxKind.BooleanKeyword: return { type: 'boolean' };
      case ts.SyntaxKind.AnyKeyword: return { $ref: 'pulumi.json#/Any' };
      case ts.SyntaxKind.ArrayType: return { type: 'array', items: this.convert(node.elementType) };
      case ts.SyntaxKind.TypeLiteral: return this.#map(node);
      case ts.SyntaxKind.LiteralType: return { type: 'string', const: node.literal.text };
      case ts.SyntaxKind.UnionType: return this.#union(node);
      case ts.SyntaxKind.TypeReference: return this.#reference(node);
      default: throw new Error(`a type of kind ${ts.SyntaxKind[node.kind]} is not known to this script`);
    }
  }

  #map(node) {
    if (node.members.length !== 1 || !ts.isIndexSignatureDeclaration(node.members[0])) {
      throw new Error('an inline object type is not known to this script');
    }
    return { type: 'object', additionalProperties: this.convert(node.members[0].type) };
  }

  #union(node) {
    const schemas = [];
    for (const type of node.types.filter(type => !isUndefined(type))) {
      const schema = this.convert(type);
      if (!schemas.some(known => JSON.stringify(known) === JSON.stringify(schema))) {
        schemas.push(schema);
      }
    }
    return schemas.length === 1 ? schemas[0] : { oneOf: schemas };
  }

  #reference(node) {
    const names = dotted(node.typeName);
    const [head, ...rest] = names;
    if (head === 'pulumi' && rest[0] === 'asset') {
      // The schema has one type for both: an archive is accepted wherever an asset is.
      return { $ref: 'pulumi.json#/Asset' };
    }
    if (head === 'inputs' || head === 'outputs' || head === 'enums') {
      const name = rest.at(-1);
      const token = this.#onType(head, rest.slice(0, -1), name);
      return token === undefined ? { type: 'string' } : { $ref: `#/types/${token}` };
    }
    if (names.length === 1) {
      // `ARN`, and resources taken in place of their name (`role: string | Role`), are plain strings on the wire and in C#.
      return { type: 'string' };
    }
    throw new Error(`the type ${names.join('.')} is not known to this script`);
  }
}

/** pulumi.Input<T>, pulumi.Output<T> and parentheses say nothing about the value's shape. */
export function unwrap(node) {
  if (ts.isParenthesizedTypeNode(node)) {
    return unwrap(node.type);
  }
  if (ts.isTypeReferenceNode(node) && node.typeArguments?.length === 1 && ['Input', 'Output'].includes(dotted(node.typeName).at(-1))) {
    return unwrap(node.typeArguments[0]);
  }
  return node;
}

export const isUndefined = node => node.kind === ts.SyntaxKind.UndefinedKeyword;

function dotted(name) {
  return ts.isIdentifier(name) ? [name.text] : [...dotted(name.left), name.right.text];
}
