"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing, Broken } = require("../things");

exports.applyThrows = () => {
    const source = new Thing("source", { text: "known" });
    const broken = source.urn.apply(() => {
        throw new Error("the apply broke");
    });
    new Thing("dependent", { text: broken });
    return {};
};

exports.registrationFails = () => {
    const broken = new Broken("broken");
    new Thing("dependent", { text: broken.id });
    return {};
};

exports.invokeFails = () => {
    const answer = pulumi.output(pulumi.runtime.invoke("test:index:lookup", { query: "any", fails: true }));
    new Thing("dependent", { text: answer.apply((result) => result.answer) });
    return {};
};

exports.programThrows = () => {
    throw new pulumi.RunError("settings are wrong");
};
