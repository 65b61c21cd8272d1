"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing } = require("../things");

exports.secrets = () => {
    const password = pulumi.secret("hunter2");
    const plain = pulumi.output("plain");
    new Thing("direct", { text: password, integer: pulumi.secret(7), flag: pulumi.secret(true) });
    new Thing("combined", {
        text: pulumi.interpolate`${plain}:${password}`,
        any: pulumi.all([plain, password]).apply(([one, other]) => `${one}/${other}`),
        number: password.apply((text) => text.length),
    });
    // An output that resolves to outputs, which pulumi.output would pull to the top.
    const nested = { open: "yes", closed: pulumi.secret("inner"), list: ["a", pulumi.secret("b")] };
    new Thing("nested", {
        any: pulumi.output(0).apply(() => nested),
        nested: { inner: password, amount: 1 },
    });
    new Thing("twice", { text: pulumi.secret(password) });
    new Thing("opened", { text: pulumi.unsecret(password) });

    const source = new Thing("source", { text: password });
    new Thing("downstream", {
        text: source.secretValue,
        map: { of: source.secretValue.apply((value) => value + "!") },
        list: [source.value, source.secretValue],
    });
    return { password, length: password.apply((text) => text.length) };
};
