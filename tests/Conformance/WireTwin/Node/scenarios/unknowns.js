"use strict";

const pulumi = require("@pulumi/pulumi");
const { Thing } = require("../things");

exports.unknowns = () => {
    const source = new Thing("source", { text: "known" });
    const other = new Thing("other", {});
    new Thing("direct", { text: source.value, integer: source.count, list: source.items, map: source.tags });
    new Thing("derived", {
        text: pulumi.interpolate`${source.value}-${other.id}`,
        integer: source.count.apply((count) => count + 1),
        any: pulumi.all([source.value, pulumi.output("known")]).apply(([, known]) => known),
    });
    new Thing("nested", {
        list: ["known", source.value, other.value],
        map: { known: "yes", unknown: source.value },
        nested: { inner: other.value, amount: 3 },
        any: pulumi.output(0).apply(() => ({ deep: source.value, near: "known" })),
    });
    new Thing("secret", {
        text: pulumi.secret(source.value),
        any: pulumi.all([source.value, pulumi.secret("s")]).apply(([one, two]) => one + two),
    });
    new Thing("urn", { text: source.urn, any: source.urn.apply((urn) => urn.length) });
    return { value: source.value, known: "yes", id: other.id };
};
