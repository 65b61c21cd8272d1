// Writes the schema.json of each provider package from the official typings, for the tokens in resources.txt.
//   node extract.mjs           writes both files
//   node extract.mjs --check   exits 1 when a file is not what it would write
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ListError, readTokens } from './extract/tokens.mjs';
import { extractPackage } from './extract/package.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const targets = { aws: 'Pulumi.Aws', kubernetes: 'Pulumi.Kubernetes' };

function main(args) {
  const unknown = args.filter(arg => arg !== '--check');
  if (unknown.length > 0) {
    throw new ListError(`unknown option ${unknown[0]}; the only one is --check`);
  }

  const check = args.includes('--check');
  const tokens = readTokens(join(here, 'resources.txt'), Object.keys(targets));
  const stale = [];
  for (const [name, folder] of Object.entries(targets)) {
    const path = join(here, '..', folder, 'schema.json');
    const text = JSON.stringify(extractPackage(here, name, tokens[name]), null, 1) + '\n';
    if (!check) {
      writeFileSync(path, text);
    } else if (read(path) !== text) {
      stale.push(`infra/Sdk/${folder}/schema.json`);
    }
  }

  if (stale.length > 0) {
    throw new ListError(`${stale.join(' and ')} does not match resources.txt and the pinned typings; run: node extract.mjs`);
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ListError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
