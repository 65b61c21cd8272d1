"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing, Group, TestProvider } = require("../things");

const token = "test:index:lookup";
const invoke = (args, options) => pulumi.runtime.invoke(token, args, options);
const invokeOutput = (args, options) => pulumi.runtime.invokeOutput(token, args, options);

exports.invokes = () => {
    const provider = new TestProvider("test", "provider", { region: "here" });
    const source = new Thing("source", {});

    const plain = pulumi.output(invoke({ query: "plain" }, { version: "2.0.0" }));
    new Thing("fromPlain", { text: plain.apply((result) => result.answer) });

    const withProvider = invokeOutput({ query: "provider" }, { provider });
    new Thing("fromProvider", { text: withProvider.apply((result) => result.answer) });

    // In a preview the argument is unknown: the function is not called and its result is unknown.
    const chained = invokeOutput({ query: source.value });
    new Thing("fromChained", { text: chained.apply((result) => result.answer) });

    const secret = invokeOutput({ query: pulumi.secret("secret") });
    new Thing("fromSecret", { text: secret.apply((result) => result.answer) });

    const hidden = invokeOutput({ query: "hidden" });
    new Thing("fromHidden", { text: hidden.apply((result) => result.hidden) });

    const ordered = invokeOutput({ query: "ordered" }, { dependsOn: [source] });
    new Thing("fromOrdered", { text: ordered.apply((result) => result.answer) });

    const parent = new Group("parent", {}, { provider });
    const inherited = invokeOutput({ query: "parent" }, { parent });
    new Thing("fromParent", { text: inherited.apply((result) => result.answer) });
    return {};
};
