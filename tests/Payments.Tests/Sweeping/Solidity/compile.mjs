// Prints the creation code of contracts of a file as JSON, by name, in hexadecimal: for a given source and compiler always the same.
import { readFileSync } from 'node:fs';
import solc from 'solc';

const [, , path] = process.argv;
const answer = JSON.parse(solc.compile(JSON.stringify({
  language: 'Solidity',
  sources: { file: { content: readFileSync(path, 'utf8') } },
  settings: {
    // Paris has no instruction that chains without later rules lack; nothing in the code depends on the machine.
    evmVersion: 'paris',
    optimizer: { enabled: true, runs: 1_000_000 },
    metadata: { bytecodeHash: 'none', appendCBOR: false },
    outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
  },
})));
// One of the peers ends by SELFDESTRUCT on purpose.
const problems = (answer.errors ?? []).filter(error => !error.message.startsWith('"selfdestruct" has been deprecated'));
if (problems.length > 0) {
  console.error(problems.map(error => error.formattedMessage).join('\n'));
  process.exit(1);
}
console.log(JSON.stringify(Object.fromEntries(Object.entries(answer.contracts.file).map(([name, contract]) => [name, `0x${contract.evm.bytecode.object}`]))));
