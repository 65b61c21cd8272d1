// Where a package keeps the files of a token, and which token a typings namespace stands for.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListError, isFunction, isProvider, lastPart, nearest } from './tokens.mjs';

const typeTag = /__pulumiType = '([^']+)'/;

/** Paths and tokens of one installed package. */
export class Layout {
  #root;
  #package;
  #modules = new Map();

  constructor(root, packageName) {
    this.#root = root;
    this.#package = packageName;
  }

  /** The path, without extension, of the module that declares the token. */
  fileOf({ token, where }) {
    const path = join(this.#root, ...this.#segments(token));
    if (!existsSync(`${path}.d.ts`) || (!isFunction(token) && !isProvider(token) && tagOf(path) !== token)) {
      const near = nearest(token, this.#allTokens());
      throw new ListError(`${where} is not in @pulumi/${this.#package}; the nearest are ${near.join(', ')}`);
    }
    return path;
  }

  /** `ec2`, `core.v1` or nothing, and the name of a type -> the type's token. */
  typeToken(namespaces, name, isEnum) {
    if (this.#package === 'kubernetes') {
      return `kubernetes:${this.#kubernetesModule(namespaces)}:${name}`;
    }
    const module = namespaces.length === 0 ? 'index' : namespaces.join('/');
    return `${this.#package}:${module}/${isEnum ? lowerFirst(name) : name}:${name}`;
  }

  #segments(token) {
    if (isProvider(token)) {
      return ['provider'];
    }
    const module = token.split(':')[1];
    if (this.#package === 'kubernetes') {
      const [group, version] = module.split('/');
      return [group.split('.')[0], version ?? '', lowerFirst(lastPart(token))];
    }
    return module.split('/').filter(segment => segment !== 'index');
  }

  // The typings say rbac.v1 where the token says rbac.authorization.k8s.io/v1: a resource beside it knows.
  #kubernetesModule(namespaces) {
    const key = namespaces.join('/');
    if (key === '') {
      return 'index';
    }
    if (!this.#modules.has(key)) {
      const folder = join(this.#root, ...namespaces);
      const files = existsSync(folder) ? readdirSync(folder).filter(file => file.endsWith('.js')) : [];
      const tag = files.map(file => tagOf(join(folder, file.slice(0, -3)))).find(found => found !== undefined);
      this.#modules.set(key, tag === undefined ? key : tag.split(':')[1]);
    }
    return this.#modules.get(key);
  }

  #allTokens() {
    const tokens = [`pulumi:providers:${this.#package}`];
    for (const entry of readdirSync(this.#root, { recursive: true })) {
      if (!entry.endsWith('.js') || entry.includes('node_modules')) {
        continue;
      }
      const tag = readFileSync(join(this.#root, entry), 'utf8').match(typeTag)?.[1];
      if (tag?.includes(':')) {
        tokens.push(tag);
      } else if (this.#package === 'aws' && /(^|\/)get[A-Z]\w*\.js$/.test(entry)) {
        const path = entry.slice(0, -3);
        tokens.push(`aws:${path.includes('/') ? path : `index/${path}`}:${path.split('/').at(-1)}`);
      }
    }
    return tokens;
  }
}

function tagOf(path) {
  return existsSync(`${path}.js`) ? readFileSync(`${path}.js`, 'utf8').match(typeTag)?.[1] : undefined;
}

const lowerFirst = text => text[0].toLowerCase() + text.slice(1);
