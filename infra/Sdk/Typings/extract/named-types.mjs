// The nested types and enums that resources and functions reach, each extracted once.
import { join } from 'node:path';
import ts from 'typescript';
import { Declarations } from './declarations.mjs';
import { objectOf } from './objects.mjs';
import { typeDefaults } from './runtime.mjs';
import { TypeConverter } from './types.mjs';

// Written by hand in the Node package only; on the wire and in C# they are JSON text.
const nodeOnly = new Set(['iam.PolicyDocument']);

/** Collects references while types are converted and extracts what they name. */
export class NamedTypes {
  #root;
  #layout;
  #waiting = new Map();
  #files = new Map();
  #defaults;

  constructor(root, layout) {
    this.#root = root;
    this.#layout = layout;
    this.#defaults = typeDefaults(join(root, 'types', 'input.js'));
    this.converter = new TypeConverter((kind, namespaces, name) => this.#meet(kind, namespaces, name));
  }

  /** Token -> schema of everything met, and of everything met on the way. */
  extractAll() {
    const extracted = {};
    // A Map keeps handing out entries that are added while it is walked.
    for (const [token, { kind, namespaces, name }] of this.#waiting) {
      extracted[token] = kind === 'enums' ? this.#extractEnum(namespaces, name) : this.#extractObject(token, namespaces, name);
    }
    return extracted;
  }

  #meet(kind, namespaces, name) {
    if (nodeOnly.has([...namespaces, name].join('.'))) {
      return undefined;
    }
    const token = this.#layout.typeToken(namespaces, name, kind === 'enums');
    if (!this.#waiting.has(token)) {
      this.#waiting.set(token, { kind, namespaces, name });
    }
    return token;
  }

  // The input side decides what is required: the official C# classes have one schema for both sides, and an output that is
  // always there may still be left out as an input.
  #extractObject(token, namespaces, name) {
    const dotted = [...namespaces, name].join('.');
    const declaration = this.#file('input').find(dotted) ?? this.#file('output').find(dotted);
    const facts = this.#defaults[name.toLowerCase()];
    return { type: 'object', ...objectOf(token, declaration.members, this.converter, facts) };
  }

  #extractEnum(namespaces, name) {
    const file = this.#file(join('enums', ...namespaces, 'index'));
    const literal = file.find(name).type;
    if (!ts.isTypeLiteralNode(literal)) {
      throw new Error(`the enum ${name} is in a form this script does not know`);
    }
    const values = literal.members.map(member => ({ name: member.name.text, value: member.type.literal.text }));
    return { type: 'string', enum: values };
  }

  #file(name) {
    if (!this.#files.has(name)) {
      this.#files.set(name, new Declarations(join(this.#root, 'types', `${name}.d.ts`)));
    }
    return this.#files.get(name);
  }
}
