// resources.txt -> tokens by package.
import { readFileSync } from 'node:fs';

/** A mistake in the list or in how the script is called: shown as one message, without a stack. */
export class ListError extends Error {}

const tokenForm = /^[a-z]+:[a-z0-9./]*[A-Za-z0-9./]*:[A-Za-z0-9]+$/;

/** The tokens of each package, in the order of the list. */
export function readTokens(path, packages) {
  const tokens = Object.fromEntries(packages.map(name => [name, []]));
  const seen = new Set();
  readFileSync(path, 'utf8').split('\n').forEach((line, index) => {
    const token = line.replace(/#.*/, '').trim();
    if (token === '') {
      return;
    }
    const where = `resources.txt:${index + 1}: ${token}`;
    if (!tokenForm.test(token)) {
      throw new ListError(`${where} is not a token; write for example aws:ec2/vpc:Vpc`);
    }
    if (seen.has(token)) {
      throw new ListError(`${where} is listed twice; remove one`);
    }
    seen.add(token);

    const name = packageOf(token);
    if (!(name in tokens)) {
      throw new ListError(`${where} is of package ${name}; the packages are ${packages.join(', ')}`);
    }
    tokens[name].push({ token, where });
  });
  return tokens;
}

export const isProvider = token => token.startsWith('pulumi:providers:');

/** A function's last part begins with a small letter: aws:index/getRegion:getRegion. */
export const isFunction = token => !isProvider(token) && /^[a-z]/.test(lastPart(token));

export const lastPart = token => token.slice(token.lastIndexOf(':') + 1);

function packageOf(token) {
  return isProvider(token) ? lastPart(token) : token.slice(0, token.indexOf(':'));
}

/** Up to three of the candidates that are nearest to the token. */
export function nearest(token, candidates) {
  const scored = candidates.map(candidate => ({ candidate, distance: editDistance(token.toLowerCase(), candidate.toLowerCase()) }));
  scored.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return scored.slice(0, 3).map(entry => entry.candidate);
}

function editDistance(a, b) {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    previous = current;
  }
  return previous[b.length];
}
