"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing } = require("../things");

exports.reads = () => {
    const source = new Thing("source", {});
    const existing = Thing.get("existing", "an-id");
    Thing.get("computed", pulumi.output("computed-id"));
    Thing.get("optioned", "other-id", { version: "3.1.0", dependsOn: [source], parent: source });
    new Thing("reader", { text: existing.value });

    const stack = new pulumi.StackReference("org/project/stack");
    new Thing("fromStack", {
        any: stack.getOutput("plain").apply((value) => value ?? "absent"),
        text: stack.requireOutput("hidden"),
    });
    return {};
};
