// Says what each policy finds wrong with each request, with a CEL implementation that is not ours.
//
// In, as JSON on stdin:
//   policies: [{ name, variables: [{ name, expression }], validations: [{ expression, messageExpression }], bindings: [matchResources] }]
//   requests: [{ group, resource, object, oldObject, request: { operation, namespace, userInfo } }]
// Out, as JSON: for each request, { policy name: message } of those that find something. A policy without bindings is asked about every request.
//
// As in the API server, `object` is of no declared type, a variable has the type of its expression and may use those before it, and every
// expression is checked before any is evaluated.
import { text } from 'node:stream/consumers';
import { Environment } from '@marcbachmann/cel-js';

// The API server's own type for amounts (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-quantity-library).
class Quantity {
    static suffixes = {
        n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
        Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
    };

    constructor(amount) {
        const [, number, suffix] = /^([+-]?[0-9.]+)([A-Za-z]*)$/.exec(amount) ?? [];
        if (!(suffix in Quantity.suffixes)) throw new Error(`${amount} is not a quantity`);
        this.value = Number(number) * Quantity.suffixes[suffix];
    }
}

const base = new Environment({ homogeneousAggregateLiterals: false })
    .registerType('Quantity', { ctor: Quantity, fields: {} })
    .registerFunction('quantity(string): Quantity', amount => new Quantity(amount))
    .registerFunction('Quantity.isGreaterThan(Quantity): bool', (one, other) => one.value > other.value)
    .registerFunction('Quantity.asApproximateFloat(): double', one => one.value)
    .registerVariable('object', 'dyn')
    .registerVariable('oldObject', 'dyn')
    .registerVariable('request', 'dyn');

function compile(environment, expression, type) {
    const check = environment.check(expression);
    if (!check.valid) throw new Error(`${expression}\n${check.error.message}`);
    if (type && check.type !== type) throw new Error(`${expression}\nis ${check.type}, not ${type}`);
    return { type: check.type, evaluate: environment.parse(expression) };
}

function compilePolicy(policy) {
    const variables = [];
    const withVariables = () => variables.length === 0 ? base : base.clone().registerVariable({
        name: 'variables',
        schema: Object.fromEntries(variables.map(({ name, type }) => [name, type])),
    });
    for (const { name, expression } of policy.variables ?? []) variables.push({ name, ...compile(withVariables(), expression) });
    const inner = withVariables();
    const validations = policy.validations.map(({ expression, messageExpression }) => ({
        holds: compile(inner, expression, 'bool').evaluate,
        message: compile(inner, messageExpression, 'string').evaluate,
    }));

    return ({ object, oldObject, request }) => {
        const context = { object, oldObject, request, variables: {} };
        for (const { name, evaluate } of variables) context.variables[name] = evaluate(context);
        return validations.filter(({ holds }) => !holds(context)).map(({ message }) => message(context));
    };
}

function matches({ resourceRules, namespaceSelector }, { group, resource, object, request }) {
    const inNamespace = ({ key, operator, values }) => {
        if (key !== 'kubernetes.io/metadata.name') throw new Error(`${key} is not a label that is known here`);
        return values.includes(request.namespace) === (operator === 'In');
    };
    return resourceRules.some(rule =>
        rule.apiGroups.includes(group) && rule.resources.includes(resource) && rule.operations.includes(request.operation))
        && (object.kind === 'PersistentVolume' || (namespaceSelector?.matchExpressions ?? []).every(inNamespace));
}

const { policies, requests } = JSON.parse(await text(process.stdin));
const compiled = policies.map(policy => ({ ...policy, judge: compilePolicy(policy) }));
const findings = requests.map(request => Object.fromEntries(compiled
    .filter(({ bindings }) => !bindings || bindings.some(binding => matches(binding, request)))
    .map(({ name, judge }) => {
        try {
            return [name, judge(request)];
        } catch (error) {
            throw new Error(`${name} breaks off on ${JSON.stringify(request.object)}: ${error.message}`);
        }
    })
    .filter(([, messages]) => messages.length > 0)
    .map(([name, messages]) => [name, messages.join('\n')])));
console.log(JSON.stringify(findings));
