// Says what each policy says about each pod, with a CEL implementation that is not ours.
//
// In, as JSON on stdin: { policies: [{ name, variables: [{ name, expression }], validations: [{ expression, messageExpression }] }], pods: [pod] }.
// Out, as JSON: for each pod, { policy name: message } of those that refuse it.
//
// As in the API server, `object` is of no declared type, a variable has the type of its expression, and every expression is checked before
// any is evaluated.
import { text } from 'node:stream/consumers';
import { Environment } from '@marcbachmann/cel-js';

function compile(environment, expression, type) {
    const check = environment.check(expression);
    if (!check.valid) throw new Error(`${expression}\n${check.error.message}`);
    if (type && check.type !== type) throw new Error(`${expression}\nis ${check.type}, not ${type}`);
    return { type: check.type, evaluate: environment.parse(expression) };
}

function compilePolicy(policy) {
    const outer = new Environment().registerVariable('object', 'dyn');
    const variables = policy.variables.map(({ name, expression }) => ({ name, ...compile(outer, expression) }));
    const inner = outer.clone().registerVariable({
        name: 'variables',
        schema: Object.fromEntries(variables.map(({ name, type }) => [name, type])),
    });
    const validations = policy.validations.map(({ expression, messageExpression }) => ({
        holds: compile(inner, expression, 'bool').evaluate,
        message: compile(inner, messageExpression, 'string').evaluate,
    }));

    return object => {
        const context = { object, variables: Object.fromEntries(variables.map(({ name, evaluate }) => [name, evaluate({ object })])) };
        return validations.filter(({ holds }) => !holds(context)).map(({ message }) => message(context));
    };
}

const { policies, pods } = JSON.parse(await text(process.stdin));
const compiled = policies.map(policy => [policy.name, compilePolicy(policy)]);
const refusals = pods.map(pod => Object.fromEntries(
    compiled.map(([name, refuse]) => [name, refuse(pod)]).filter(([, messages]) => messages.length > 0)
        .map(([name, messages]) => [name, messages.join('\n')])));
console.log(JSON.stringify(refusals));
