// The declarations of one .d.ts file, found by their dotted name. Syntax alone is enough: the typings are generated and regular.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A parsed declaration file. */
export class Declarations {
  #byName = new Map();

  constructor(path) {
    this.source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, /* setParentNodes: finding a tag in a comment needs them */ true);
    this.#collect(this.source.statements, '');
  }

  /** The interface, class, function or constant with that dotted name, or undefined. */
  find(name) {
    return this.#byName.get(name);
  }

  #collect(statements, prefix) {
    for (const node of statements) {
      if (ts.isModuleDeclaration(node)) {
        this.#collect(node.body?.statements ?? [], `${prefix}${node.name.text}.`);
      } else if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node)) {
        this.#byName.set(prefix + node.name.text, node);
      } else if (ts.isVariableStatement(node)) {
        for (const declaration of node.declarationList.declarations) {
          this.#byName.set(prefix + declaration.name.text, declaration);
        }
      }
    }
  }
}
