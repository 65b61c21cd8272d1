"use strict";

const pulumi = require("@pulumi/pulumi");

/** A property that is not given is still an output of the resource: it has to be named. */
const outputs = { value: undefined, secretValue: undefined, count: undefined, items: undefined, tags: undefined };

class Thing extends pulumi.CustomResource {
    constructor(name, args, options) {
        // As generated classes do: lists and maps that are not given are absent, unlike in C#, where they are never null but sent only if set.
        super("test:index:Thing", name, { ...outputs, ...args }, options);
    }

    static get(name, id, options) {
        return new Thing(name, {}, { ...options, id });
    }
}

class Group extends pulumi.ComponentResource {
    constructor(name, args, options) {
        super("test:index:Group", name, args, options);
    }

    give(values) {
        this.registerOutputs(values);
    }
}

class TestProvider extends pulumi.ProviderResource {
    constructor(pkg, name, args, options) {
        // As generated classes do: settings that are not strings travel as JSON text.
        const strict = args.strict === undefined ? undefined : pulumi.output(args.strict).apply(JSON.stringify);
        super(pkg, name, { ...args, strict }, options);
    }
}

class Foreign extends pulumi.CustomResource {
    constructor(name, options) {
        super("foreign:index:Thing", name, {}, options);
    }
}

class Broken extends pulumi.CustomResource {
    constructor(name) {
        super("test:index:Broken", name, {});
    }
}

module.exports = { Thing, Group, TestProvider, Foreign, Broken };
